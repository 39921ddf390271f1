"""Each request is a span under the caller's own, which tells no more of it than the log does."""

import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from registry.web.tracing import Tracing
from tests.api.conftest import Seeded
from tests.api.desk import LIST, SEVERED, Desk
from tests.api.test_serve import Service, served

PAIR = "/api/v1/relations/BOL/USA"
CALLER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def spans(library: Desk) -> Iterator[InMemorySpanExporter]:
    kept, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(kept))
    app: Any = library.client.application
    inner = app.wsgi_app
    app.wsgi_app = Tracing(inner, provider)
    yield kept
    app.wsgi_app = inner


def only(spans: InMemorySpanExporter) -> ReadableSpan:
    (span,) = spans.get_finished_spans()
    return span


def test_a_request_is_a_span_of_its_route_under_the_callers(
    library: Desk, spans: InMemorySpanExporter
) -> None:
    answer = library.get(
        f"{PAIR}?as_of=2009-06-01", X_Request_ID="one", traceparent=CALLER, tracestate="a=b"
    )
    span = only(spans)
    assert span.name == "GET /api/v1/relations/<a>/<b>"
    assert span.kind is SpanKind.SERVER
    assert span.parent is not None
    assert span.context is not None
    assert f"{span.parent.trace_id:032x}" in CALLER
    assert f"{span.parent.span_id:016x}" in CALLER
    assert span.context.trace_id == span.parent.trace_id
    assert dict(span.attributes or {}) == {
        "http.request.method": "GET",
        "http.route": "/api/v1/relations/<a>/<b>",
        "http.response.status_code": 200,
        "registry.request_id": "one",
        "registry.position": int(answer.headers["Registry-Position"]),
    }
    assert span.status.status_code is StatusCode.UNSET


def test_a_caller_that_says_nothing_or_nonsense_begins_a_trace(
    library: Desk, spans: InMemorySpanExporter
) -> None:
    library.get("/healthz")
    library.get("/healthz", traceparent="00-nonsense")
    assert [span.parent for span in spans.get_finished_spans()] == [None, None]


def test_nothing_of_query_address_body_or_token_is_told(
    library: Desk, spans: InMemorySpanExporter
) -> None:
    library.get("/nowhere/secret-name?q=secret-query")
    library.post(LIST, SEVERED, token="not-a-token-of-ours").close()
    told = " ".join(span.to_json() for span in spans.get_finished_spans())
    for secret in ("secret-name", "secret-query", "not-a-token-of-ours", "127.0.0.1", "severed"):
        assert secret not in told


def test_a_fault_is_an_error_and_its_span_ends(
    library: Desk, spans: InMemorySpanExporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret-name")

    app: Any = library.client.application
    app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setitem(app.view_functions, app.url_map.bind("").match("/healthz")[0], broken)
    assert library.get("/healthz").status_code == 500
    span = only(spans)
    assert span.status.status_code is StatusCode.ERROR
    assert "secret-name" not in span.to_json()


class Collector:
    """Takes spans as an OpenTelemetry collector does, on this machine."""

    def __init__(self) -> None:
        told: Queue[ExportTraceServiceRequest] = Queue()

        class Taking(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.path == "/v1/traces":
                    told.put(ExportTraceServiceRequest.FromString(body))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None: ...

        self.told = told
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Taking)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def test_a_service_sends_its_spans_where_the_variables_of_opentelemetry_say(seeded: Seeded) -> None:
    collector = Collector()
    told: dict[str, Any] = {
        "REGISTRY_TRACES": "otlp",
        "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
        "OTEL_EXPORTER_OTLP_COMPRESSION": "none",
        "OTEL_BSP_SCHEDULE_DELAY": "50",
        "OTEL_SERVICE_NAME": "register-of-tests",
    }
    with seeded.copy("sqlite") as url, served(url, **told) as service:
        status, _, _ = service.ask("GET", PAIR, X_Request_ID="one")
        assert status == 200
        names: list[str] = []
        while "GET /api/v1/relations/<a>/<b>" not in names:
            for of in collector.told.get(timeout=20).resource_spans:
                said = {each.key: each.value.string_value for each in of.resource.attributes}
                assert said["service.name"] == "register-of-tests"
                names += [span.name for scope in of.scope_spans for span in scope.spans]
    collector.server.shutdown()
    collector.server.server_close()


def test_without_the_extra_the_service_says_what_is_missing(seeded: Seeded, tmp_path: Any) -> None:
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['opentelemetry'] = None\n")
    with seeded.copy("sqlite") as url:
        service = Service(
            url, REGISTRY_TRACES="otlp", PYTHONPATH=f"{tmp_path}:{':'.join(sys.path)}"
        )
        _, said = service.process.communicate(timeout=30)
    assert service.process.returncode
    assert "pip install 'agreement-registry[otel]'" in said
    assert "Traceback" not in said
