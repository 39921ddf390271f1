"""Cursors: where a list goes on, seen from where its first page was seen."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

import orjson
from flask import request

from registry.domain.errors import Invalid
from registry.queries.view import View
from registry.web.answering import POINT, address

_NOT_FILTERS: Final = (*POINT, "cursor", "after", "limit", "format")
_CHECK: Final = 8


@dataclass(frozen=True)
class Cursor:
    """`list` names the route and its filters; `after` is the key to go on after."""

    list: str
    as_of: str
    moment: int
    confidence: str
    after: Any

    def point(self) -> dict[str, str]:
        """The parameters that the first page was read with."""
        return {
            "as_of": self.as_of,
            "known_at": f"@{self.moment}",
            "confidence": self.confidence,
        }

    def text(self) -> str:
        body = orjson.dumps(asdict(self))
        return base64.urlsafe_b64encode(_check(body) + body).decode().rstrip("=")


def next_page(view: View, after: object) -> str:
    """The address of the page that follows this one."""
    cursor = Cursor(_list(), view.as_of_text, view.moment, view.threshold.word, after)
    left_out = (*POINT, "cursor", "after")
    kept = [(n, v) for n, v in request.args.items(multi=True) if n not in left_out]
    return address([*kept, ("cursor", cursor.text())])


def read(text: str, said: Mapping[str, Any]) -> Cursor:
    """The cursor behind the text; Invalid where it is damaged or of another list or view."""
    cursor = _decoded(text)
    if cursor is None:
        raise Invalid("not a cursor of this register: take it from a Link header", "cursor")
    if cursor.list != _list():
        raise Invalid("this cursor belongs to another list, or to other filters", "cursor")
    for name, value in cursor.point().items():
        if said.get(name) not in (None, value):
            raise Invalid(f"the cursor goes on with {name}={value}: leave {name} out", name)
    if said.get("after") is not None:
        raise Invalid("the cursor says where to go on: leave after out", "after")
    return cursor


def _decoded(text: str) -> Cursor | None:
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        check, body = raw[:_CHECK], raw[_CHECK:]
        return Cursor(**orjson.loads(body)) if check == _check(body) else None
    except (ValueError, TypeError):
        return None


def _list() -> str:
    """The route as asked, with its filters, shortened."""
    filters = sorted((n, v) for n, v in request.args.items(multi=True) if n not in _NOT_FILTERS)
    return hashlib.sha256(orjson.dumps([request.path, filters])).hexdigest()[:16]


def _check(body: bytes) -> bytes:
    """Finds damage, not forgery: there is nothing in a cursor that its reader may not know."""
    return hashlib.sha256(body).digest()[:_CHECK]
