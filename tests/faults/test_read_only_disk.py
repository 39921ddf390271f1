"""A disk that is really read only: what is on record is read, and recorded again once it may be."""

import multiprocessing
import os

import pytest

from registry.app import create_app
from registry.projections.rebuild import compare
from registry.settings import Settings
from registry.store.engine import reading
from registry.store.verify import verify
from tests.api.desk import LIST, Desk, assert_problem
from tests.faults.clients import BREACH, PARTY
from tests.faults.conftest import PutOn
from tests.faults.disk import mounted
from tests.store.given import BACKGROUND, BROKEN_OFF, opened, tell

PAIR = "/api/v1/relations/BOL/USA?as_of=2009"


@pytest.mark.parametrize("crashed", [False, True])
def test_what_is_on_a_read_only_disk_is_read_and_is_added_to_once_it_may_be(
    put_on: PutOn, crashed: bool
) -> None:
    with mounted(megabytes=12) as disk:
        url = put_on(disk)
        app = create_app(Settings(url))
        desk = Desk(app, app.extensions["registry"])
        desk.token = desk.make_token("recorder")
        desk.engine.dispose()  # a disk with a file open for writing is not made read only
        _record_and_end(url, crashed)
        assert (disk.folder / "registry.db-wal").exists() == crashed
        disk.remount("ro")
        for _ in range(2):
            assert desk.get(PARTY).status_code == 200
            assert _diplomatic_relations(desk) == "severed"
            assert desk.get("/readyz").status_code == 200
            refused = desk.post(LIST, BREACH)
            assert "takes nothing in" in assert_problem(refused, 503)["detail"]
            assert refused.headers["Retry-After"]
        disk.remount("rw")
        assert desk.post(LIST, BREACH).status_code == 201
        assert _diplomatic_relations(desk) == "severed"
        with reading(desk.engine) as conn:
            found = verify(conn)
        assert found.sound, found
        assert found.positions == len(BACKGROUND) + 2
        assert not compare(desk.engine).total
        desk.engine.dispose()


def _diplomatic_relations(desk: Desk) -> str:
    layers = {each["layer"]: each for each in desk.get(PAIR).json["layers"]}
    return str(layers["diplomatic_relations"]["value"])


def _record_and_end(url: str, crashed: bool) -> None:
    process = multiprocessing.get_context("forkserver").Process(
        target=_record_in_a_process, args=(url, crashed)
    )
    process.start()
    process.join()
    assert process.exitcode == 0


def _record_in_a_process(url: str, crashed: bool) -> None:
    with opened(url) as engine:
        tell(engine, BROKEN_OFF)
        if crashed:
            os._exit(0)  # what it recorded stands in the log of the file, which nobody put away
