"""A list as CSV: one row an item, nested values in columns of their own."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson

from registry.api.shapes import behind
from registry.described.cells import guarded

Path = tuple[str, ...]


def table(items: Sequence[Mapping[str, Any]], shape: Mapping[str, Any]) -> bytes:
    """The columns of the item's shape, in any case; then those that items have beside them."""
    paths = list(_columns(shape))
    outer = {path[0] for path in paths}
    paths += [
        (name,) for name in dict.fromkeys(n for item in items for n in item) if name not in outer
    ]
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(".".join(path) for path in paths)
    writer.writerows([_cell(_found(item, path)) for path in paths] for item in items)
    return text.getvalue().encode()


def _columns(shape: Mapping[str, Any], path: Path = ()) -> Iterator[Path]:
    """An object of known fields is a column for each of them; anything else is one."""
    found = behind(dict(shape))
    if "properties" in found:
        for name, inner in found["properties"].items():
            yield from _columns(inner, (*path, name))
    else:
        yield path


def _found(item: Any, path: Path) -> Any:
    for name in path:
        item = item.get(name) if isinstance(item, Mapping) else None
    return item


def _cell(value: Any) -> Any:
    """What a spreadsheet would take for a formula begins with an apostrophe."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        value = orjson.dumps(value).decode()
    elif isinstance(value, list):
        value = _joined(value)
    return guarded(value)


def _joined(values: list[Any]) -> str:
    r"""As in the tables of events: parted by `; `, a semicolon inside an item is `\;`."""
    if any(isinstance(each, Mapping | list) for each in values):
        return orjson.dumps(values).decode()
    return "; ".join(str(each).replace(";", "\\;") for each in values)
