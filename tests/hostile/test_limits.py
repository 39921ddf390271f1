"""What is too large, too slow or too much is refused in words, and others are served meanwhile."""

import contextlib
import gzip
import socket
import time
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from registry.app import create_app
from registry.settings import Settings
from registry.store.engine import connect, is_sqlite, reader, reading, writing
from registry.web import opening
from tests.api.conftest import Seeded
from tests.api.desk import LIST, SEVERED, Desk, assert_problem
from tests.api.test_serve import Service, served

ENDLESS = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n",
    "postgresql": "SELECT pg_sleep(60)",
}


def ask_endlessly(engine: Engine) -> Any:
    with reading(engine) as conn:
        return conn.execute(text(ENDLESS[engine.dialect.name])).scalar_one()


def test_a_question_that_takes_too_long_is_given_up_and_said_so(desk: Desk) -> None:
    url = desk.engine.url.render_as_string(hide_password=False)
    app = create_app(Settings(url, read_seconds=0.2))
    app.add_url_rule("/api/v1/endless", view_func=lambda: ask_endlessly(opening.reader(app)))
    began = time.monotonic()
    answer = app.test_client().get("/api/v1/endless")
    said = assert_problem(answer, 503)
    assert said["detail"] == "that took too long, and was given up: ask for less"
    assert answer.headers["Retry-After"]
    assert time.monotonic() - began < 30
    assert app.test_client().get("/api/v1/parties/BOL").status_code == 200
    app.extensions["registry"].dispose()


def test_who_writes_or_works_in_the_shell_has_all_the_time(database_url: str) -> None:
    hurried, patient = connect(database_url, read_seconds=0.05), connect(database_url)
    slow = {
        "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 3000000) "
        "SELECT max(i) FROM n",
        "postgresql": "SELECT pg_sleep(0.3)",
    }[patient.dialect.name]
    with pytest.raises(OperationalError), reading(reader(hurried)) as conn:
        conn.execute(text(slow)).all()
    with writing(hurried) as conn:
        conn.execute(text(slow)).all()
    with reading(patient) as conn:
        conn.execute(text(slow)).all()
    if is_sqlite(hurried):  # the same connection, asked again for something quick
        with reading(hurried) as conn:
            assert conn.execute(text("SELECT 1")).scalar_one() == 1
    hurried.dispose()
    patient.dispose()


def test_a_compressed_body_is_not_unpacked(desk: Desk) -> None:
    bomb = gzip.compress(b"[" + b" " * 9_000_000 + b"]")
    answer = desk.send(LIST, bomb, Content_Encoding="gzip")
    assert_problem(answer, 415)


@pytest.mark.parametrize("deep", [b"[" * 100_000, b'{"a":' * 100_000, b"[" * 200 + b"]" * 200])
def test_json_that_is_too_deep_is_refused(desk: Desk, deep: bytes) -> None:
    assert desk.send(LIST, deep).status_code == 422


def test_a_list_of_too_many_is_refused_or_taken_and_never_breaks(desk: Desk) -> None:
    answer = desk.post(LIST, [{}] * 200_000)
    said = assert_problem(answer, 422)
    assert len(said["errors"]) <= 100


def spoken(service: Service, *pieces: bytes, patience: float = 20) -> bytes:
    """What the service answers to raw bytes until it hangs up."""
    with socket.create_connection(("127.0.0.1", service.port), timeout=patience) as raw:
        heard = b""
        with contextlib.suppress(ConnectionError):
            for piece in pieces:
                raw.sendall(piece)
            while chunk := raw.recv(65_536):
                heard += chunk
        return heard


def flood() -> tuple[bytes, ...]:
    heads = [f"X-{n}: {'x' * 1_000}\r\n".encode() for n in range(3_000)]
    return (b"GET /healthz HTTP/1.1\r\nHost: x\r\n", *heads, b"\r\n")


@pytest.mark.parametrize(
    "pieces",
    [
        lambda: (b"GET /healthz HTTP/1.1\r\n",),
        flood,
        lambda: (b"GET /" + b"x" * 2_000_000 + b" HTTP/1.1\r\n\r\n",),
        lambda: (b"\x16\x03\x01\x00\xa5 no HTTP at all\r\n\r\n",),
    ],
    ids=["a head that never ends", "a flood of headers", "an endless address", "no HTTP"],
)
def test_who_speaks_wrongly_is_let_go_and_others_are_served(
    seeded: Seeded, pieces: Callable[[], tuple[bytes, ...]]
) -> None:
    with (
        seeded.copy("sqlite") as url,
        served(url, REGISTRY_HEADER_SECONDS="1", REGISTRY_WORKERS="1") as service,
    ):
        heard = spoken(service, *pieces())
        assert not heard or heard.split()[1][:1] == b"4", heard[:200]
        assert service.ask("GET", "/healthz")[0] == 200


def test_many_slow_clients_do_not_keep_others_out(seeded: Seeded) -> None:
    with (
        seeded.copy("sqlite") as url,
        served(url, REGISTRY_HEADER_SECONDS="5", REGISTRY_WORKERS="1") as service,
        contextlib.ExitStack() as stack,
    ):
        for _ in range(100):
            slow = stack.enter_context(socket.create_connection(("127.0.0.1", service.port)))
            slow.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        assert service.ask("GET", "/api/v1/parties/BOL")[0] == 200


def test_what_is_recorded_is_unharmed_by_all_that(desk: Desk) -> None:
    before = desk.position()
    for body in (b"", b"\x00", b"null", b"[]", b'"text"', b"1e999", b"[[]]", b'{"type":1}'):
        assert desk.send(LIST, body).status_code == 422
    assert desk.position() == before
    desk.told(SEVERED)
