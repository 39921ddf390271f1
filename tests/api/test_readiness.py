"""Readiness is told at once and in words, whatever became of the database."""

import socket

import pytest
from sqlalchemy import delete

from registry.app import create_app
from registry.settings import Settings
from registry.store.engine import connect
from registry.store.tables import log_head
from tests.api.conftest import Seeded
from tests.api.desk import Desk
from tests.conftest import ENGINES


def _desk(url: str) -> Desk:
    app = create_app(Settings(url))
    return Desk(app, app.extensions["registry"])


@pytest.mark.parametrize("engine", ENGINES)
def test_a_log_without_its_head_is_not_ready(seeded: Seeded, engine: str) -> None:
    with seeded.copy(engine) as url:
        desk = _desk(url)
        assert desk.get("/readyz").json == {"status": "ready"}
        store = connect(url)
        with store.begin() as conn:
            conn.execute(delete(log_head))
        store.dispose()
        answer = desk.get("/readyz")
        assert answer.status_code == 503
        assert answer.json["detail"] == "the head of the log cannot be read"
        desk.engine.dispose()


def test_a_database_that_never_answers_holds_no_probe() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        desk = _desk(f"postgresql+psycopg://u@127.0.0.1:{silent.getsockname()[1]}/r")
        answer = desk.get("/readyz")
        assert answer.status_code == 503
        assert answer.json["detail"] == "the database does not answer"
        assert answer.headers["Retry-After"]
        assert desk.get("/healthz").status_code == 200
    desk.engine.dispose()
