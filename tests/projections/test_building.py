"""What is held in memory while a generation is built makes no difference to its rows."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.projections import building, neighbourhood
from registry.projections import rebuild as rebuilding
from registry.projections.rebuild import compare, rebuild
from tests.conftest import Databases
from tests.projections.histories import History, Telling, histories
from tests.store.given import opened, tell


@settings(max_examples=25)
@given(histories, st.integers(1, 12), st.booleans())
def test_rows_are_the_same_however_often_they_are_written_and_forgotten(
    databases: Databases, history: History, chunk: int, forgetful: bool
) -> None:
    with (
        databases.fresh("sqlite") as url,
        opened(url) as engine,
        pytest.MonkeyPatch.context() as patch,
    ):
        telling = Telling()
        tell(engine, *telling.background())
        for moves in history:
            if said := telling.wires(moves):
                tell(engine, *said)
        patch.setattr(rebuilding, "CHUNK", chunk)
        if forgetful:
            patch.setattr(building, "HELD", 0)
            patch.setattr(building, "RECORDS", 0)
        assert rebuild(engine).differences == ()
        patch.setattr(neighbourhood, "LARGE", 2)
        patch.setattr(neighbourhood, "NEAR", 8)
        assert not compare(engine)
