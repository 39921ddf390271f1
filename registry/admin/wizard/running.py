"""Try an upload, and import it in portions that whoever waits for it drives.

A thread of a worker would be lost with its worker, and a queue would be one more thing to run. So
each time the page of an import is loaded (it loads itself again), its rows are taken in for about
a second. A portion is one transaction, which locks the upload, records the events and notes how
far it is: after `kill -9` either both happened or neither, and the next load goes on from there.
Whoever loads the page at the same time finds the upload locked, and then already further on.

Where the events need a second person, the rows are tried as a whole and become drafts of some
events each in one transaction at the end: no draft can rest on an event that is not in the log yet
without the one it rests on being in a draft before it.
"""

import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine

from registry import codec
from registry.admin.wizard import door, report
from registry.domain.errors import Conflict, Forbidden, RegistryError
from registry.domain.reviewing import Review
from registry.ingest.generic import generic_profile
from registry.ingest.importing import Imported, Line, dataset, run
from registry.ingest.profile import Profile
from registry.ingest.taking import Keep, Taking
from registry.record import Submission, clock, record
from registry.record.families import families_of
from registry.store import drafts, log, uploads
from registry.store.accounts import Account
from registry.store.engine import reading, writing
from registry.store.uploads import Upload
from registry.web import metering

PORTION: Final = 100
"""About so many events a transaction, or a draft."""
SECOND: Final = 1_000_000
NOWHERE: Final = Path()
"""The file is in memory: no folder is looked into."""


def try_out(engine: Engine, upload: Upload) -> bool:
    """The import itself, taken back, and its report kept; whether it still stands for the upload.

    Invalid where something is wrong with the file as a whole.
    """
    families: set[str] = set()

    def keep(conn: Connection, said: Sequence[Submission], by: str) -> None:
        record(conn, said, by)
        families.update(families_of(conn, said))

    done, lines = _rehearsed(engine, upload, keep)
    made = report.with_more(report.nothing(), done, lines, upload.said["columns"])
    made |= {"recorded": [], "families": sorted(families)}
    with writing(engine) as conn:
        return uploads.tried(conn, upload.id, upload.said, made, done.total)


def begin(conn: Connection, upload: Upload, *, review: bool) -> bool:
    """Whether this is the one request that starts the import; `review`: it becomes drafts."""
    return uploads.start(conn, upload.id, {**report.nothing(), "review": review})


def go_on(
    engine: Engine,
    upload: Upload,
    account: Account,
    seconds: float = 1.0,
    review: Review | None = None,
) -> None:
    """Take in rows for about so long, at least one portion, if nobody else just does.

    What stands against going on is kept in the report, and stops the import. `review`: whose events
    a second person must approve; those are refused here where the dry run did not show them yet.
    """

    def keep(conn: Connection, said: Sequence[Submission], by: str) -> None:
        families = families_of(conn, said) if review else ()
        if review and any(review.needed(account.role, each) for each in families):
            raise Forbidden("a second person must approve this: give the file again")
        record(conn, said, by, written=metering.written(conn, said))

    try:
        if upload.report["review"]:
            _hand_in(engine, upload, account)
        else:
            _take_in(engine, upload, keep, clock() + int(seconds * SECOND))
    except RegistryError as wrong:
        with writing(engine) as conn:
            now = uploads.locked(conn, upload.id)
            if now is not None:
                told = {**now.report, "problem": door.in_words(str(wrong))}
                uploads.stop(conn, upload.id, told)


def meant(said: Mapping[str, Any]) -> dict[str, str]:
    """Whom names mean that a person settled."""
    return {name: each["party"] for name, each in said.get("parties", {}).items()}


def _content(engine: Engine, upload: Upload) -> bytes:
    with reading(engine) as conn:
        content = uploads.content_of(conn, upload.id, clock())
    if content is None:
        raise Conflict("The file is no longer kept: give it again.")
    return content


def _profile(engine: Engine, upload: Upload) -> Profile:
    said = upload.said
    file = door.as_file(said["form"], _content(engine, upload))
    if said["form"] == "jsonl":
        return generic_profile("jsonl", file, None)
    return generic_profile(said["form"], file, said["type"] or None, said["columns"])


def _rehearsed(engine: Engine, upload: Upload, keep: Keep) -> tuple[Imported, list[Line]]:
    lines: list[Line] = []
    done = run(
        engine,
        _profile(engine, upload),
        NOWHERE,
        recorded_by=upload.by,
        aliases=meant(upload.said),
        dry_run=True,
        amend=bool(upload.said.get("amend")),
        keep=keep,
        report=lines.append,
    )
    return done, lines


def _take_in(engine: Engine, upload: Upload, keep: Keep, until: int) -> None:
    profile = _profile(engine, upload)
    given = dataset(engine, profile, NOWHERE, aliases=meant(upload.said))
    at = upload.done
    for chunk in given.chunks(at, PORTION):
        lines: list[Line] = []
        done = Imported()
        amend = bool(upload.said.get("amend"))
        taking = Taking(profile, upload.by, amend, lines.append, done, keep)
        with writing(engine) as conn:
            now = uploads.locked(conn, upload.id)
            if now is None or now.state != uploads.RUNNING or now.done != at:
                return
            taking.count(chunk, taking.chunk(conn, chunk))
            at += len(chunk)
            uploads.went_on(
                conn, upload.id, at, report.with_more(now.report, done, lines, now.said["columns"])
            )
        if clock() >= until and at < upload.of:
            return
    with writing(engine) as conn:
        uploads.finish(conn, upload.id)


def _hand_in(engine: Engine, upload: Upload, account: Account) -> None:
    handed: list[Submission] = []

    def keep(conn: Connection, said: Sequence[Submission], by: str) -> None:
        record(conn, said, by)
        handed.extend(said)

    done, lines = _rehearsed(engine, upload, keep)
    parts = [handed[n : n + PORTION] for n in range(0, len(handed), PORTION)]
    with writing(engine) as conn:
        now = uploads.locked(conn, upload.id)
        if now is None or now.state != uploads.RUNNING or now.done:
            return
        for number, part in enumerate(parts, start=1):
            drafts.add(
                conn,
                draft_id=str(uuid.uuid5(uuid.UUID(upload.id), str(number))),
                author=account,
                title=f"{upload.name}, part {number} of {len(parts)}",
                events=[(str(each.event_id), codec.write(each.event)) for each in part],
                seen=log.head(conn).position,
                now=clock() + number,  # so that they stay in the order of the file
                upload=upload.id,
            )
        made = report.with_more(now.report, done, lines, now.said["columns"])
        made |= {"drafts": len(parts), "recorded": []}
        uploads.went_on(conn, upload.id, done.total, made)
        uploads.finish(conn, upload.id)
