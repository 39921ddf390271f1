"""A restored backup is the register as it stood at one moment; a broken one leaves nothing."""

import io
import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
import pytest
from sqlalchemy import Engine, func, insert, select

from registry.app import create_app
from registry.domain.errors import Conflict, Invalid
from registry.ingest.backing_up import KEPT, back_up, restore_backup
from registry.projections.batches import TABLES
from registry.projections.rebuild import compare
from registry.settings import Settings
from registry.store import accounts, tokens
from registry.store.engine import reading, writing
from registry.store.people_tables import draft_remark, upload, visit
from registry.store.tables import event
from registry.store.tree import Tree
from registry.store.verify import verify
from tests.api.desk import Desk
from tests.conftest import ENGINES, Databases
from tests.exports.conftest import Make, filled
from tests.exports.test_log_files import _answers, _questions
from tests.store.given import opened, tell

NOW: Final = 1_700_000_000_000_000
CONTENT: Final = bytes(range(256))


@dataclass(frozen=True)
class Peopled:
    """A register with people, and a recorder's token."""

    engine: Engine
    token: str


def _peopled(engine: Engine) -> Peopled:
    filled(engine)
    with writing(engine) as conn:
        token = tokens.create(conn, "recorder", "the desk", NOW)
        accounts.add(
            conn, login="ana", name="Ana Quispe", role="admin", password_hash="made up", now=NOW
        )
        accounts.note(conn, "the shell", "made a token", "the desk", "shell", NOW)
        conn.execute(insert(draft_remark).values(draft="d", at=NOW, by="Ana", text="«¿Fecha?»"))
        conn.execute(
            insert(visit).values(
                id="v", account="a", began_at=NOW, seen_at=NOW, address="::1", agent="x"
            )
        )
        conn.execute(
            insert(upload).values(
                id="u",
                account="a",
                by="Ana",
                name="x.csv",
                made_at=NOW,
                state="new",
                said="{}",
                report="{}",
                done=0,
                of=1,
                content=CONTENT,
            )
        )
    return Peopled(engine, token)


@pytest.fixture(scope="module")
def peopled(databases: Databases) -> Iterator[Callable[[str], Peopled]]:
    """`peopled("sqlite")`: one such register of each engine for this module."""
    with ExitStack() as stack:
        made: dict[str, Peopled] = {}

        def one(engine: str) -> Peopled:
            if engine not in made:
                url = stack.enter_context(databases.fresh(engine))
                made[engine] = _peopled(stack.enter_context(opened(url)))
            return made[engine]

        yield one


@dataclass
class WhileItIsWritten(io.BytesIO):
    """A file; at some of its lines somebody does something."""

    meanwhile: Callable[[], None]
    lines: int = field(default=0)

    def write(self, line: Any, /) -> int:
        self.lines += 1
        if self.lines % 150 == 0:
            self.meanwhile()
        return super().write(line)


def _backup(engine: Engine) -> bytes:
    out = io.BytesIO()
    back_up(engine, out)
    return out.getvalue()


def _rows(engine: Engine) -> dict[str, int]:
    with reading(engine) as conn:
        return {
            table.name: conn.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (event, visit, *KEPT, *TABLES)
        }


@pytest.mark.parametrize("there", ENGINES)
@pytest.mark.parametrize("here", ENGINES)
def test_a_backup_taken_while_others_record_restores_the_register_of_its_moment(
    peopled: Callable[[str], Peopled], store_of: Make, dice: random.Random, here: str, there: str
) -> None:
    first, second = peopled(here), store_of(there)
    before = _rows(first.engine)

    def meanwhile() -> None:
        tell(
            first.engine,
            {"type": "relations.severed", "parties": ["BOL", "CHN"], "occurred": "1990"},
        )
        with writing(first.engine) as conn:
            accounts.note(conn, "the shell", "made a token", "later", "shell", NOW)

    out = WhileItIsWritten(meanwhile)
    held = back_up(first.engine, out)
    assert out.lines > 150
    assert _rows(first.engine)["event"] > held.positions == before["event"]

    assert restore_backup(second, io.BytesIO(out.getvalue())) == held
    with reading(first.engine) as conn:
        assert Tree(conn).root(held.positions).hex() == held.root
    with reading(second) as conn:
        assert (sound := verify(conn)).sound
        assert (sound.positions, sound.root) == (held.positions, held.root)
        assert accounts.by_login(conn, "ana") is not None
        assert conn.execute(select(upload.c.content)).scalar_one() == CONTENT
    assert not compare(second)
    after = _rows(second)
    assert after["visit"] == 0
    assert {name: after[name] for name in (t.name for t in KEPT)} == {
        name: before[name] for name in (t.name for t in KEPT)
    }
    asked = _questions(dice, held.positions)
    assert _answers(first.engine, asked) == _answers(second, asked)
    _goes_on(second, first.token)
    assert _backup(second) != out.getvalue()


def _goes_on(engine: Engine, token: str) -> None:
    """People, tokens and counters work on."""
    desk = Desk(create_app(Settings(engine.url.render_as_string(hide_password=False))), engine)
    said = {"type": "relations.severed", "parties": ["BOL", "ISR"], "occurred": "2009-01-14"}
    assert desk.post("/api/v1/events", said, token).status_code == 201
    assert desk.post("/api/v1/events", said, "not-a-token").status_code == 401
    with writing(engine) as conn:
        accounts.note(conn, "the shell", "made a token", "again", "shell", NOW)
        conn.execute(insert(draft_remark).values(draft="d", at=NOW, by="Ana", text="Sí"))
    desk.app.extensions["registry"].dispose()


def test_a_backup_goes_into_an_empty_register_only(
    peopled: Callable[[str], Peopled], engine: Engine
) -> None:
    whole = _backup(peopled("sqlite").engine)
    with writing(engine) as conn:
        tokens.create(conn, "reader", "somebody", NOW)
    before = _rows(engine)
    with pytest.raises(Conflict, match=r"not empty, it holds 1 row\(s\) of api_token"):
        restore_backup(engine, io.BytesIO(whole))
    assert _rows(engine) == before


def test_a_backup_that_is_not_whole_leaves_the_register_empty(
    peopled: Callable[[str], Peopled], engine: Engine, dice: random.Random
) -> None:
    whole = _backup(peopled("sqlite").engine)
    lines = whole.splitlines(keepends=True)
    row = next(place for place, line in enumerate(lines) if b"Ana Quispe" in line)
    empty = _rows(engine)
    broken = {
        "cut short": whole[:-1],
        "without its last line": b"".join(lines[:-1]),
        "does not seal": b"".join(
            line.replace(b'"admin"', b'"reader"') if place == row else line
            for place, line in enumerate(lines)
        ),
        "seal the lines": b"".join(lines[:row] + lines[row + 1 :]),
        "something follows": whole + b"\n",
        "not known here": b"".join([*lines[:-1], b'{"row":{},"table":"event"}\n', lines[-1]]),
    }
    for words, content in broken.items():
        with pytest.raises(Invalid, match=words if words != "cut short" else "line"):
            restore_backup(engine, io.BytesIO(content))
        assert _rows(engine) == empty
    for _ in range(3):
        with pytest.raises(Invalid):
            restore_backup(engine, io.BytesIO(whole[: dice.randrange(len(whole))]))
    assert _rows(engine) == empty
    restore_backup(engine, io.BytesIO(whole))
    assert _backup(engine) == whole


def test_what_the_log_tells_is_not_said_twice(peopled: Callable[[str], Peopled]) -> None:
    whole = _backup(peopled("sqlite").engine).splitlines()
    tables = {orjson.loads(line).get("table") for line in whole}
    assert {"account", "api_token", "upload", "draft_remark", "access"} <= tables
    assert not tables & {"event", "event_tag", "span", "setting", "generation", "visit", "attempt"}
