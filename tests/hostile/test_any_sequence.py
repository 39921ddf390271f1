"""Whatever is recorded, amended, retracted, approved, rebuilt and restored in whatever order: the log
stays sound, what is live is what a rebuild makes, and what was pinned answers as it did.
"""

import io
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

import hypothesis
import pytest
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Engine

from registry.app import create_app
from registry.ingest.restoring import restore
from registry.projections.rebuild import compare, drop_generations, rebuild
from registry.projections.write import RULES
from registry.record import record
from registry.settings import Settings
from registry.store import log
from registry.store.engine import reading, writing
from registry.store.exporting import lines
from registry.store.verify import verify
from tests.conftest import ENGINES, Databases
from tests.projections.histories import Move, Telling, told_or_corrected
from tests.store.given import COCA, opened, submitted

PINNED = (
    "/api/v1/relations/BOL/USA",
    f"/api/v1/agreements/{COCA}/parties",
    "/api/v1/parties/BOL/timeline",
    "/api/v1/events",
)


@st.composite
def moves_(draw: st.DrawFn) -> list[Move]:
    """Under a name of its own: written out, what it draws from fills a hundred pages."""
    return draw(st.lists(told_or_corrected, min_size=1, max_size=3))


PINNED_AT_ONCE = 12
"""So many answers are pinned without being asked to, so that what comes after has something to spoil."""


class Register(RuleBasedStateMachine):
    """One register, which moves to another database when it is restored."""

    databases: Databases

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.telling = Telling()
        self.answers: dict[str, bytes] = {}
        self.recorded = 0

    @initialize(on=st.sampled_from(ENGINES))
    def begin(self, on: str) -> None:
        self.on = on
        self._move_to(self._fresh())
        self._record(self.telling.background())

    def teardown(self) -> None:
        self.stack.close()

    @rule(moves=moves_())
    def record_or_correct(self, moves: Sequence[Move]) -> None:
        self._record(self.telling.wires(moves))

    @rule(moves=moves_())
    def approve(self, moves: Sequence[Move]) -> None:
        """As the second person does it who lets a draft of somebody else go on record."""
        self._record(self.telling.wires(moves), reviewed_by="the second person")

    @rule(day=st.sampled_from(("2007-12-31", "2008-06-15", "2008", "2010-01-01")))
    def pin(self, day: str) -> None:
        self._pin(day)

    def _pin(self, day: str) -> None:
        head = self._head()
        for path in PINNED:
            address = f"{path}?as_of={day}&known_at=@{head}&confidence=alleged"
            self.answers[address] = self._answer(address)

    @rule()
    def rebuild(self) -> None:
        assert rebuild(self.engine).differences == ()
        drop_generations(self.engine, "old")

    @rule()
    @precondition(lambda self: self.recorded)
    def restore_on_the_other_engine(self) -> None:
        with reading(self.engine) as conn:
            exported = b"".join(lines(conn, RULES))
            before = log.head(conn)
        self.on = next(each for each in ENGINES if each != self.on)
        engine = self._fresh()
        restore(engine, io.BytesIO(exported))
        rebuild(engine, accept=True)  # there was nothing before
        self._move_to(engine)
        with reading(self.engine) as conn:
            assert log.head(conn) == before

    @invariant()
    def everything_is_in_order(self) -> None:
        if not self.recorded:
            return
        with reading(self.engine) as conn:
            found = verify(conn)
        assert found.sound, found
        assert found.positions == self.recorded
        differences = compare(self.engine)
        assert not differences.total, differences.shown
        for address, answer in self.answers.items():
            assert self._answer(address) == answer, address

    def _record(self, wires: Sequence[dict[str, Any]], reviewed_by: str | None = None) -> None:
        if wires:
            with writing(self.engine) as conn:
                record(conn, submitted(wires), "the first person", reviewed_by)
            self.recorded += len(wires)
            if len(self.answers) < PINNED_AT_ONCE:
                self._pin("2008-06-15")

    def _fresh(self) -> Engine:
        url = self.stack.enter_context(self.databases.fresh(self.on))
        return self.stack.enter_context(opened(url))

    def _move_to(self, engine: Engine) -> None:
        self.engine = engine
        self.app = create_app(Settings(engine.url.render_as_string(hide_password=False)))
        self.stack.callback(self.app.extensions["registry"].dispose)

    def _head(self) -> int:
        with reading(self.engine) as conn:
            return log.head(conn).position

    def _answer(self, address: str) -> bytes:
        answer = self.app.test_client().get(address)
        assert answer.status_code == 200, answer.text
        return bytes(answer.data)


def run(databases: Databases, examples: int, steps: int) -> None:
    machine = type("Register", (Register,), {"databases": databases})
    run_state_machine_as_test(
        machine,
        settings=hypothesis.settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            # the first sequence that fails is told as it is: to shorten it, each try of some seconds
            # is made hundreds of times over, and nobody would wait to hear of it
            phases=[Phase.explicit, Phase.reuse, Phase.generate],
            report_multiple_bugs=False,
        ),
    )


def test_any_sequence_keeps_the_register_in_order(databases: Databases) -> None:
    run(databases, examples=8, steps=10)


@pytest.mark.long
def test_any_long_sequence_keeps_the_register_in_order(databases: Databases) -> None:
    run(databases, examples=150, steps=25)
