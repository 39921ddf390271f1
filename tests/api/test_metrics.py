"""/metrics: what was counted and measured, by whom it may be read, over all workers of a service."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.parser import text_string_to_metric_families

from registry.app import create_app
from registry.settings import Settings
from registry.web import metering
from tests.api.conftest import Seeded
from tests.api.desk import LIST, SEVERED, Desk, assert_problem, failing_commits
from tests.api.test_serve import Service, served


def numbers(text: str) -> dict[str, float]:
    """By name and labels, as Prometheus reads them."""
    return {
        sample.name + "".join(f" {k}={v}" for k, v in sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def read(desk: Desk) -> dict[str, float]:
    answer = desk.get("/metrics")
    assert answer.status_code == 200, answer.text
    return numbers(answer.text)


def grown(before: dict[str, float], after: dict[str, float], name: str) -> float:
    return after.get(name, 0) - before.get(name, 0)


def test_what_is_recorded_is_counted(desk: Desk) -> None:
    desk.app.testing = False
    before = read(desk)
    receipt = desk.told(SEVERED)
    after = read(desk)
    assert grown(before, after, "registry_events_recorded_total family=relations") == 1
    assert grown(before, after, "registry_spans_written_total") >= 1
    assert after["registry_position"] == receipt["position"]
    assert after["registry_recorded_seconds"] > before["registry_recorded_seconds"]
    assert after["registry_database_up"] == 1


def test_what_is_rolled_back_is_not_counted(desk: Desk) -> None:
    before, position = read(desk), desk.position()
    elsewhere = desk.post(LIST, SEVERED, If_Match='"pair:BOL:ISR@99"')
    assert_problem(elsewhere, 412)

    with failing_commits(desk.engine):
        assert desk.post(LIST, SEVERED).status_code == 503
    after = read(desk)
    assert desk.position() == position
    for name in ("events_recorded_total family=relations", "spans_written_total"):
        assert grown(before, after, f"registry_{name}") == 0
    desk.told(SEVERED)
    name = "registry_events_recorded_total family=relations"
    assert grown(before, read(desk), name) == 1


def test_doubts_and_repeats_are_counted(desk: Desk) -> None:
    before = read(desk)
    odd = {
        "type": "relations.reestablished",
        "parties": ["BOL", "ISR"],
        "occurred": "1850-01-01",
    }
    for _ in range(2):
        answer = desk.post(LIST, odd, Idempotency_Key="k")
        assert answer.status_code == 201
        assert answer.json["doubts"]
    after = read(desk)
    assert grown(before, after, "registry_doubts_found_total") >= 1
    assert grown(before, after, "registry_requests_replayed_total") == 1


def test_requests_are_told_apart_by_the_template_of_their_route(seeded: Seeded) -> None:
    with seeded.copy("sqlite") as url, served(url, REGISTRY_WORKERS="1") as service:
        for party in ("BOL", "USA", "NOBODY"):
            service.ask("GET", f"/api/v1/parties/{party}")
        service.ask("GET", "/no/such/place/" + "x" * 40)
        found = numbers(service.ask("GET", "/metrics")[2].decode())
    counted = {k: v for k, v in found.items() if k.startswith("registry_request_seconds_count")}
    route = "registry_request_seconds_count method=GET route=/api/v1/parties/<party> status="
    assert counted[f"{route}200"] == 2
    assert counted[f"{route}404"] == 1
    assert "registry_request_seconds_count method=GET route=none status=404" in counted
    assert not [each for each in counted if re.search("NOBODY|such", each)]


def test_the_workers_of_a_service_add_up(seeded: Seeded) -> None:
    with seeded.copy("sqlite") as url, served(url, REGISTRY_WORKERS="2") as service:
        with ThreadPoolExecutor(8) as many:
            asked = list(many.map(lambda _: service.ask("GET", "/healthz")[0], range(200)))
        assert asked == [200] * 200
        found = numbers(service.ask("GET", "/metrics")[2].decode())
        assert found["registry_request_seconds_count method=GET route=/healthz status=200"] == 200


def test_what_a_worker_counted_stays_when_it_is_killed_and_its_files_are_taken_over(
    seeded: Seeded, tmp_path: Path
) -> None:
    name = "registry_request_seconds_count method=GET route=/healthz status=200"
    environ: dict[str, Any] = {"REGISTRY_WORKERS": "1", "TMPDIR": str(tmp_path)}
    with seeded.copy("sqlite") as url, served(url, **environ) as service:
        assert _asked_ten_times(service)[name] == 10
        files = set(tmp_path.glob("registry-metrics-*/*.db"))
        assert len(files) == 2, "one of counters, one of histograms"
        (worker,) = _workers(service)
        os.kill(worker, signal.SIGKILL)
        _wait_until(lambda: worker not in (there := _workers(service)) and len(there) == 1)
        service.wait()
        assert _asked_ten_times(service)[name] == 20
        assert set(tmp_path.glob("registry-metrics-*/*.db")) == files


def _asked_ten_times(service: Service) -> dict[str, float]:
    for _ in range(10):
        assert service.ask("GET", "/healthz")[0] == 200
    return numbers(service.ask("GET", "/metrics")[2].decode())


def _workers(service: Service) -> list[int]:
    """Those of its processes that count."""
    parent = service.process.pid
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [
        int(each)
        for each in children
        if b"resource_tracker" not in Path(f"/proc/{each}/cmdline").read_bytes()
    ]


def _wait_until(fits: Callable[[], bool]) -> None:
    for _ in range(600):
        if fits():
            return
        time.sleep(0.05)
    raise AssertionError("it never came to that")


COUNTS = """
import sys
from registry.web import metering
metering.refused_sign_in()
print("counted", flush=True)
sys.stdin.readline()
"""


def test_workers_that_live_at_once_have_places_of_their_own(tmp_path: Path) -> None:
    environ = {**os.environ, metering.FOLDER: str(tmp_path)}

    @contextmanager
    def worker() -> Iterator[subprocess.Popen[str]]:
        with subprocess.Popen(
            [sys.executable, "-c", COUNTS],
            env=environ,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "counted\n"
            yield process
            process.kill()

    def counted() -> float:
        shown = CollectorRegistry()
        MultiProcessCollector(shown, str(tmp_path))  # type: ignore[no-untyped-call]
        return numbers(generate_latest(shown).decode())["registry_sign_ins_refused_total"]

    for sum_ in (2, 4, 6):
        with worker(), worker():
            assert counted() == sum_
        assert counted() == sum_
    assert {each.name for each in tmp_path.glob("counter_*")} == {"counter_0.db", "counter_1.db"}


def test_it_is_for_this_machine_unless_told_otherwise(desk: Desk) -> None:
    stranger = desk.app.test_client().get("/metrics", environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert_problem(stranger, 403)
    through = desk.app.test_client().get("/metrics", headers={"X-Forwarded-For": "192.0.2.7"})
    assert_problem(through, 403)
    url = desk.engine.url.render_as_string(hide_password=False)
    for who, status in (("everybody", 200), ("nobody", 404)):
        app = create_app(Settings(url, metrics=who))
        asked = app.test_client().get("/metrics", environ_base={"REMOTE_ADDR": "192.0.2.7"})
        assert asked.status_code == status
        app.extensions["registry"].dispose()


def test_without_its_database_it_says_so(desk: Desk) -> None:
    app = create_app(Settings("sqlite:////nowhere/at/all.db"))
    answer = app.test_client().get("/metrics")
    assert answer.status_code == 200
    assert numbers(answer.text)["registry_database_up"] == 0
    app.extensions["registry"].dispose()
