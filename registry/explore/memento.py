"""Pages as they were: their TimeGate and TimeMap, and the links that lead there. RFC 7089.

Every page is the original resource of what it shows under its own parameters, whatever is known;
`known_at` makes a memento of it. What is listed in a TimeMap are the moments at which something
was recorded of the page's subject; a name of another party on it may have changed beside them.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from flask import Response, current_app, redirect, request
from sqlalchemy import Row, select
from werkzeug.exceptions import HTTPException

from registry.domain.errors import NotFound
from registry.explore.desk import blueprint
from registry.explore.looking import looking
from registry.explore.memento_links import (
    AFTER,
    LINK_FORMAT,
    NOT_ITS,
    absolute,
    around,
    original_of,
)
from registry.explore.shown import Looking
from registry.explore.typed import check_lengths, number_in
from registry.queries.view import View
from registry.store.tables import event, event_tag
from registry.web.answering import address, answered, date_of

AT_ONCE: Final = 500
"""So many mementos are on one page of a TimeMap."""
_OF_PAGE: Final = re.compile(
    r"/(parties|agreements|sources|events)/([^/]+)|/relations/([^/]+)/([^/]+)"
)
_TAGS: Final = {
    "parties": "party",
    "agreements": "agreement",
    "sources": "source",
    "events": "event",
}


@blueprint.get("/timegate/<path:page>")
def timegate(page: str) -> Response:
    """Leads to the page as it was at the time of Accept-Datetime; of none, as it is now."""
    path = _page(page)
    with looking() as here:
        view = _earliest(here.view) if here.view.moment == 0 else here.view
        original = original_of(path)
        to = _memento(path, view.moment, _as_of(here))
        response: Response = redirect(to, 302)  # type: ignore[assignment]  # werkzeug's own is ours
        response.headers["Link"] = ", ".join(
            [
                *around(original),
                f'<{absolute(to)}>; rel="memento"; datetime="{date_of(view.recorded_at)}"',
            ]
        )
    response.headers["Vary"] = "Accept-Datetime"
    response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.get("/timemap/<path:page>")
def timemap(page: str) -> Response:
    """The moments at which something was recorded of what the page is about, oldest first."""
    path = _page(page)
    after = number_in(AFTER)
    with looking() as here:
        moments, following = _moments(here.view, _tags(here.view, path), after)
        original = original_of(path)
        itself = f"/timemap{original}"
        lines = [
            f'<{absolute(original)}>;rel="original"',
            f'<{absolute(f"/timegate{original}")}>;rel="timegate"',
            f'<{absolute(_going_on(itself, after))}>;rel="self";type="{LINK_FORMAT}"{_span(moments)}',
        ]
        if following is not None:
            lines.append(
                f'<{absolute(_going_on(itself, following))}>;rel="timemap";type="{LINK_FORMAT}"'
            )
        lines += [
            f"<{absolute(_memento(path, moment, _day(recorded_at)))}>"
            f';rel="{_rel(n, moments, begins=after == 0, ends=following is None)}"'
            f';datetime="{date_of(recorded_at)}"'
            for n, (moment, recorded_at) in enumerate(moments)
        ]
        body = ",\n".join(lines) + "\n"
        return answered(
            here.opened, body.encode(), LINK_FORMAT, permalink=here.pinned(), vary="Accept-Datetime"
        )


def _page(named: str) -> str:
    """The path, if it is one of a public page; nothing else is ever led to."""
    check_lengths()
    path = f"/{named}"
    try:
        found, _values = current_app.url_map.bind("").match(path, "GET")
    except HTTPException:
        found = ""
    if not str(found).startswith(f"{blueprint.name}.") or named.startswith(("timegate", "timemap")):
        raise NotFound(f"there is no page at {path}")
    return path


def _memento(path: str, moment: int, as_of: str) -> str:
    left_out = (*NOT_ITS, "as_of")
    kept = [(n, v) for n, v in request.args.items(multi=True) if n not in left_out]
    as_of = request.args.get("as_of", as_of)
    return address([*kept, ("as_of", as_of), ("known_at", f"@{moment}")], path)


def _as_of(here: Looking) -> str:
    """The day on which the page was looked at then: it showed its own today."""
    when = request.headers.get("Accept-Datetime")
    return _day(here.view.recorded_at) if when and here.view.moment else here.view.as_of_text


def _day(microseconds: int) -> str:
    return datetime.fromtimestamp(microseconds / 1_000_000, UTC).date().isoformat()


def _earliest(view: View) -> View:
    """RFC 7089 4.5.3: who asks for a time before the first memento is led to the first."""
    first = view.conn.execute(
        select(event.c.moment, event.c.recorded_at).where(event.c.position == 1)
    ).first()
    if first is None:
        return view
    return replace(view, moment=first.moment, recorded_at=first.recorded_at)


def _tags(view: View, path: str) -> list[str]:
    found = _OF_PAGE.fullmatch(path)
    if found is None:
        return []
    kind, key, a, b = found.groups()
    if kind is None:
        return [f"party:{view.party(a)}", f"party:{view.party(b)}"]
    return [f"{_TAGS[kind]}:{view.party(key) if kind == 'parties' else key}"]


def _moments(view: View, tags: list[str], after: int) -> tuple[list[tuple[int, int]], int | None]:
    """(moment, recorded at) of those after a moment, oldest first, and where to go on.

    Of a page that is about no one subject, the first and the latest.
    """
    if not tags:
        if not view.moment:
            return [], None
        first = _earliest(view)
        return sorted({(v.moment, v.recorded_at) for v in (first, view)}), None
    found: dict[int, int] = {}
    at = after
    while len(found) < AT_ONCE:
        rows: list[Row[Any]] = list(view.conn.execute(_touching(tags, at, view.moment)).all())
        for row in rows:
            if len(found) < AT_ONCE:
                found[row.moment] = row.recorded_at
        if len(rows) < AT_ONCE:
            break
        at = max(found)
    more = len(found) == AT_ONCE
    return sorted(found.items()), max(found) if more else None


def _touching(tags: list[str], after: int, moment: int) -> Any:
    first = event_tag.alias("first")
    statement = (
        select(event.c.moment, event.c.recorded_at)
        .select_from(first.join(event, event.c.position == first.c.position))
        .where(
            first.c.tag == tags[0],
            first.c.position > after,
            first.c.position <= moment,
            event.c.moment <= moment,
        )
    )
    for n, tag in enumerate(tags[1:]):
        other = event_tag.alias(f"other_{n}")
        statement = statement.join(other, other.c.position == first.c.position).where(
            other.c.tag == tag
        )
    return statement.order_by(first.c.position).limit(AT_ONCE)


def _going_on(path: str, after: int) -> str:
    if not after:
        return path
    return f"{path}{'&' if '?' in path else '?'}{AFTER}={after}"


def _span(moments: list[tuple[int, int]]) -> str:
    if not moments:
        return ""
    return f';from="{date_of(moments[0][1])}";until="{date_of(moments[-1][1])}"'


def _rel(n: int, moments: Iterable[Any], *, begins: bool, ends: bool) -> str:
    last = n == len(list(moments)) - 1
    said = [*(["first"] if begins and n == 0 else []), *(["last"] if ends and last else [])]
    return " ".join([*said, "memento"])
