"""A list as CSV: one row an item, nested values in columns of their own."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from registry.api.shapes import behind
from registry.described.cells import cell

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
    writer.writerows([cell(_found(item, path)) for path in paths] for item in items)
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
