"""Events as JSON, one a line, read as strictly as a request is."""

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from registry.domain.errors import Invalid
from registry.ingest.files import Content, Lines, Row, opened
from registry.strict_json import DEEPEST, refuse_deep, refuse_twice

_LARGEST: Final = 2**53


def read_jsonl(path: Path | Content, name: str) -> Iterator[tuple[Row, dict[str, Any]]]:
    """Each line and the object it holds; the row's cells are its fields as JSON text.

    Invalid, in one line with the place, for what is no such file: a line that is no object, is too
    deep or too long, says a name twice, or holds what two readers could understand differently.
    """
    with opened(path, name) as raw:
        lines = Lines(raw, name, "a JSONL file")
        found = 0
        for text in lines:
            lines.row_begins()
            if not text.strip():
                continue
            found += 1
            said = _object(text, f"{name}, line {lines.count}")
            cells = {key: _cell(value) for key, value in said.items()}
            yield Row(name, lines.count, cells), said
        if not found:
            raise Invalid(f"{name}: empty: expected an event a line")


def _object(text: str, where: str) -> dict[str, Any]:
    try:
        said = json.loads(
            text,
            object_pairs_hook=refuse_twice,
            parse_constant=_refuse,
            parse_int=_whole,
            parse_float=_finite,
        )
        refuse_deep(said)
    except Invalid as wrong:
        raise Invalid(f"{where}: {wrong.message}") from None
    except json.JSONDecodeError as wrong:
        raise Invalid(f"{where}: not JSON: {wrong.msg} (character {wrong.pos + 1})") from None
    except RecursionError:
        raise Invalid(f"{where}: nested deeper than {DEEPEST} levels") from None
    if not isinstance(said, dict):
        raise Invalid(f"{where}: not an event: expected a JSON object, got {text.strip()[:40]!r}")
    try:
        json.dumps(said, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise Invalid(f"{where}: half a surrogate pair, which is no text") from None
    return said


def _refuse(text: str) -> None:
    raise Invalid(f"not JSON: {text}")


def _whole(text: str) -> int:
    if len(text) > 17 or abs(int(text)) > _LARGEST:
        raise Invalid(f"a number that not every reader can hold: {text[:40]}")
    return int(text)


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise Invalid(f"a number that not every reader can hold: {text[:40]}")
    return value


def _cell(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
