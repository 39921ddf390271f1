"""The start page: what waits for me, what was recorded last, doubts to look at, import runs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import url_for
from sqlalchemy import Connection, select

from registry.admin.desk import blueprint, engine, me
from registry.admin.events import listed
from registry.domain.layers import LAYERS
from registry.queries import events as of_events
from registry.queries.surroundings import newest_doubts
from registry.queries.view import View, open_view
from registry.store import draft_lists
from registry.store.accounts import Account
from registry.store.draft_lists import Row, Sought
from registry.store.engine import reading
from registry.store.people_tables import upload
from registry.web.pages import page
from registry.web.visiting import needs
from registry.web.wording import layer_words, names_of, subject_words

FEW: Final = 8
MOST_WAITING: Final = 25


@dataclass(frozen=True)
class Waiting:
    """A draft, or an import, that somebody is waited for with: a reviewer, or its author."""

    url: str
    title: str
    author: str
    at: int
    mine: bool


@dataclass(frozen=True)
class Oddity:
    about: str
    code: str
    message: str
    events: tuple[str, ...]


@blueprint.get("/")
@needs("reader")
def start() -> Any:
    """Show what waits for the visitor."""
    with reading(engine()) as conn:
        view = open_view(conn, as_of=None, known_at=None, confidence="alleged")
        return page(
            "admin/start.html",
            title="Data entry",
            waiting=_waiting(conn, me()),
            recent=listed(view, of_events.newest(view, {}, None, FEW).items),
            doubts=list(_oddities(view, newest_doubts(view, FEW))),
            runs=_runs(conn),
            records=me().may("recorder"),
        )


def _waiting(conn: Connection, account: Account) -> list[Waiting]:
    """What was sent back to me; what others sent to be reviewed, an import as one, for who may."""
    found = [_draft(each, mine=True) for each in _listed(conn, "sent_back", account)]
    if account.may("reviewer"):
        found += [
            Waiting(
                url_for("admin.drafts_of_import", upload_id=each.upload),
                f"Import of {each.name}, {each.count} {'draft' if each.count == 1 else 'drafts'}",
                each.author_name,
                each.at,
                mine=False,
            )
            for each in draft_lists.handed_in(conn, Sought("waiting", account), FEW)
        ]
        found += [_draft(each, mine=False) for each in _listed(conn, "waiting", account)]
    return found


def _listed(conn: Connection, name: str, account: Account) -> list[Row]:
    rows, _ = draft_lists.listed(conn, Sought(name, account), 0, MOST_WAITING)
    return rows


def _draft(row: Row, *, mine: bool) -> Waiting:
    url = url_for("admin.draft", draft_id=row.id)
    return Waiting(url, row.title, row.author_name, row.changed_at, mine)


def _oddities(view: View, doubts: Sequence[Mapping[str, Any]]) -> Iterable[Oddity]:
    names = names_of(view, [(each["layer"], each["subject"]) for each in doubts])
    for each in doubts:
        layer = LAYERS[each["layer"]]
        subject = subject_words(layer.name, layer.subject(each["subject"]), names)
        about = f"{layer_words(layer.name)}, {subject}"
        yield Oddity(about, each["code"], each["message"], tuple(each["events"]))


def _runs(conn: Connection) -> Sequence[Any]:
    """The latest imports, whosever."""
    return conn.execute(
        select(
            upload.c.id,
            upload.c.name,
            upload.c.by,
            upload.c.made_at,
            upload.c.state,
            upload.c.done,
            upload.c.of,
        )
        .order_by(upload.c.made_at.desc())
        .limit(FEW)
    ).all()
