"""What is counted while serving. The workers of one service add up, where they share a folder.

`prometheus_client` looks for that folder (PROMETHEUS_MULTIPROC_DIR) when it is first imported;
`registry serve` makes one before it starts its workers. What a worker counted stays when it dies:
the next one counts on in its place.
"""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, values
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy import Connection

from registry.domain.catalogue import family
from registry.projections.plan import Plan
from registry.projections.tables import span
from registry.record import Submission
from registry.store.engine import once_committed
from registry.web.counting_places import place_in

FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
if _SHARED := os.environ.get(FOLDER):
    # Else its files are named by processes. It has to be told before the first counter is made
    _FILES: Final = Path(_SHARED)
    values.ValueClass = values.MultiProcessValue(lambda: place_in(_FILES))  # type: ignore[no-untyped-call]
_BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0)
_METHODS: Final = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
_COUNTED: Final = CollectorRegistry()

_REQUESTS: Final = Histogram(
    "registry_request_seconds",
    "Time until the answer to a request begins, by the template of its route.",
    ("method", "route", "status"),
    buckets=_BUCKETS,
    registry=_COUNTED,
)
_EVENTS: Final = Counter(
    "registry_events_recorded",
    "Events recorded by this service, by family of their type.",
    ("family",),
    registry=_COUNTED,
)
_SPANS: Final = Counter(
    "registry_spans_written", "Rows of spans written for them.", registry=_COUNTED
)
_DOUBTS: Final = Counter("registry_doubts_found", "Doubts that they brought up.", registry=_COUNTED)
_REPLAYS: Final = Counter(
    "registry_requests_replayed",
    "Requests under an Idempotency-Key that were answered again.",
    registry=_COUNTED,
)
_REFUSED: Final = Counter(
    "registry_sign_ins_refused", "Attempts to sign in that failed.", registry=_COUNTED
)


def answered(route: str | None, method: str, status: int, seconds: float) -> None:
    """`route`: its template; None for what has no route, whatever its address."""
    known = method if method in _METHODS else "other"
    _REQUESTS.labels(known, route or "none", str(status)).observe(seconds)


def written(conn: Connection, submissions: Sequence[Submission]) -> Callable[[Plan], None]:
    """For `record` to call; it counts once the transaction of `writing` is committed."""
    return lambda made: once_committed(conn, lambda: _count(submissions, made))


def _count(submissions: Iterable[Submission], made: Plan) -> None:
    for each in submissions:
        _EVENTS.labels(family(each.event.TYPE)).inc()
    if (change := made.changes.get(span)) is not None:
        _SPANS.inc(len(change.insert))
    _DOUBTS.inc(len(made.doubts))


def replayed() -> None:
    _REPLAYS.inc()


def refused_sign_in() -> None:
    _REFUSED.inc()


def exposed(measured: Mapping[str, tuple[str, float]]) -> bytes:
    """In the text format of Prometheus: what all workers counted, and what was `measured` now: by
    name, its words and its value.
    """
    shown = CollectorRegistry()
    if os.environ.get(FOLDER):
        MultiProcessCollector(shown)  # type: ignore[no-untyped-call]
        counted = generate_latest(shown)
    else:
        counted = generate_latest(_COUNTED)
    now = CollectorRegistry()
    now.register(_Measured(measured))
    return counted + generate_latest(now)


class _Measured(Collector):
    def __init__(self, measured: Mapping[str, tuple[str, float]]) -> None:
        self._measured = measured

    def collect(self) -> Iterable[Metric]:
        for name, (words, value) in self._measured.items():
            yield GaugeMetricFamily(name, words, value)
