"""Pages of data entry as a signed-in recorder gets them: an empty form, and one filled with an event."""

import re
from collections.abc import Iterator
from functools import partial

from flask.testing import FlaskClient

from benchmarks.timing import Result, p50, shown, timed
from registry.admin import passwords
from registry.app import create_app
from registry.record import clock
from registry.settings import Settings
from registry.store import accounts
from registry.store.engine import connect, writing

LOGIN, PASSWORD = "benchmark", "a password of the benchmark alone"
FORM = "/admin/record/agreement.ratified"


def form_pages(url: str, times: int) -> Iterator[Result]:
    """Made by the whole program in this process: visit looked up, form derived, page rendered."""
    app = create_app(Settings(url))
    client = app.test_client()
    _sign_in(url, client)
    one = client.get("/api/v1/events?type=agreement.signed&limit=1").get_json()["items"][0]
    for name, path in (
        ("form page, agreement.ratified", FORM),
        ("form page, amend an event", f"/admin/events/{one['event_id']}/amend"),
    ):
        taken = timed(partial(_get, client, path), times)
        yield Result(
            name,
            "SQLite" if url.startswith("sqlite") else "PostgreSQL",
            shown(taken),
            "-",
            None,
            "p50 < 50 ms",
            p50(taken) < 0.05,
            "in process",
        )
    app.extensions["registry"].dispose()


def _get(client: FlaskClient, path: str, _: int) -> None:
    answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path}: {answer.status}")


def _sign_in(url: str, client: FlaskClient) -> None:
    store = connect(url)
    with writing(store) as conn:
        accounts.add(
            conn,
            login=LOGIN,
            name="Benchmark",
            role="recorder",
            password_hash=passwords.hashed(PASSWORD),
            now=clock(),
        )
    store.dispose()
    page = client.get("/admin/sign-in").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    said = {"login": LOGIN, "password": PASSWORD, "csrf_token": token[1] if token else ""}
    client.post("/admin/sign-in", data=said)
