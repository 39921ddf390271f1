"""The list of who did what: events recorded and reviewed, and what was done with accounts and access."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from flask import Response, request, url_for

from registry.admin.desk import blueprint, engine
from registry.described.cells import cell
from registry.domain.errors import Invalid, Problems
from registry.queries.instants import instant_text
from registry.store import accounts, audit
from registry.store.audit import KINDS, Asked, Deed, Place
from registry.store.engine import reading
from registry.web.pages import page
from registry.web.visiting import needs

SHOWN: Final = 50
WORDS: Final = {
    "events": "Everything recorded",
    "corrections": "Corrections",
    "reviewed": "What was reviewed",
    "signing": "Signing in",
    "accounts": "Accounts and links",
    "tokens": "Tokens",
    "drafts": "Drafts sent back or withdrawn",
    "webhooks": "Webhooks",
}
_COLUMNS: Final = (
    *("when", "by", "reviewed_by", "what", "about", "position", "event_id", "address"),
)


@blueprint.get("/audit", endpoint="audit")
@needs("admin")
def audit_page() -> Any:
    """Show who did what, newest first."""
    said = _said()
    errors: list[tuple[str, str]] = []
    found: list[Deed] = []
    more = False
    with reading(engine()) as conn:
        names = [row["name"] for row in accounts.listed(conn)]
        try:
            found = audit.deeds(conn, _asked(said), _after(), SHOWN + 1)
        except Problems as wrong:
            errors = [(each.field or "from", str(each)) for each in wrong.each]
    found, more = found[:SHOWN], len(found) > SHOWN
    filters = {name: value for name, value in said.items() if value}
    following = {**filters, "after": found[-1].place.text()} if more else None
    return page(
        "admin/audit.html",
        422 if errors else 200,
        title="Audit",
        deeds=found,
        said=said,
        names=names,
        kinds=[{"value": each, "label": WORDS[each]} for each in KINDS],
        following=_url("admin.audit", following) if following else "",
        first=_url("admin.audit", filters) if "after" in request.args else "",
        table=_url("admin.audit_table", filters),
        errors=errors,
    )


@blueprint.get("/audit.csv")
@needs("admin")
def audit_table() -> Any:
    """The same list, whole, as a table."""
    asked = _asked(_said())
    store = engine()

    def lines() -> Iterator[str]:
        yield _line(_COLUMNS)
        with reading(store) as conn:
            for deed in audit.all_deeds(conn, asked):
                yield _line(
                    (
                        instant_text(deed.place.at),
                        deed.by,
                        deed.reviewed_by,
                        deed.what,
                        deed.about,
                        deed.position,
                        deed.event_id,
                        deed.address,
                    )
                )

    return Response(
        lines(),
        mimetype="text/csv",
        headers={
            "Content-Disposition": 'attachment; filename="audit.csv"',
            "Cache-Control": "no-store",
        },
    )


def _url(endpoint: str, query: dict[str, Any]) -> str:
    return url_for(endpoint, **query)


def _line(values: tuple[Any, ...]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(cell(each) for each in values)
    return text.getvalue()


def _said() -> dict[str, str]:
    return {name: request.args.get(name, "").strip() for name in ("person", "kind", "from", "to")}


def _asked(said: dict[str, str]) -> Asked:
    wrong: list[Invalid] = []
    if said["kind"] not in ("", *KINDS):
        wrong.append(Invalid("Choose one of the kinds offered", "kind"))
    if not said["person"].isprintable():
        wrong.append(Invalid("A name has no control characters", "person"))
    since = _midnight(said["from"], "from", wrong)
    until = _midnight(said["to"], "to", wrong, days=1)
    if since is not None and until is not None and until <= since:
        wrong.append(Invalid("The last day is before the first", "to"))
    if wrong:
        raise Problems(wrong)
    return Asked(said["person"], said["kind"], since, until)


def _midnight(text: str, field: str, wrong: list[Invalid], days: int = 0) -> int | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text) + timedelta(days)
        moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
    except (ValueError, OverflowError):
        wrong.append(Invalid("Give a day as year, month and day: 2026-11-25", field))
        return None
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def _after() -> Place | None:
    text = request.args.get("after")
    return Place.read(text) if text else None
