"""Traces for OpenTelemetry: a span for each request, under the caller's own (W3C Trace Context).

As in the log, neither addresses, queries, bodies nor tokens are told. The library's instrumentation
of Flask tells all but the bodies, which is why this is not it. Needs `agreement-registry[otel]`.
"""

from collections.abc import Callable, Iterable
from typing import Any, Final

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from werkzeug.datastructures import Headers
from werkzeug.wsgi import ClosingIterator

from registry.web import noting

_CALLER: Final = TraceContextTextMapPropagator()
_CONTEXT: Final = {"traceparent": "HTTP_TRACEPARENT", "tracestate": "HTTP_TRACESTATE"}


def exporting() -> TracerProvider:
    """Sends to where the library's own variables say (`OTEL_EXPORTER_OTLP_ENDPOINT` and others)."""
    ours = Resource.create({"service.name": "agreement-registry"})
    made = TracerProvider(resource=ours.merge(OTELResourceDetector().detect()))
    made.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return made


class Tracing:
    """A WSGI application in front of another one. The span ends once the answer is sent."""

    def __init__(self, inner: Callable[..., Iterable[bytes]], provider: TracerProvider) -> None:
        self._inner = inner
        self._tracer = provider.get_tracer("registry")

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        given = {name: environ[key] for name, key in _CONTEXT.items() if key in environ}
        span = self._tracer.start_span(
            method,
            context=_CALLER.extract(given),
            kind=trace.SpanKind.SERVER,
            attributes={"http.request.method": method},
        )

        def started(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            code, said = int(status[:3]), Headers(headers)
            span.set_attribute("http.response.status_code", code)
            span.set_attribute("registry.request_id", said.get(noting.ID, ""))
            if "Registry-Position" in said:
                span.set_attribute("registry.position", int(said["Registry-Position"]))
            if code >= 500:
                span.set_status(trace.StatusCode.ERROR)
            span.add_event("begins to answer")
            return start_response(status, headers, *rest)

        def sent() -> None:
            if (route := environ.get(noting.ROUTE)) is not None:
                span.update_name(f"{method} {route}")
                span.set_attribute("http.route", route)
            span.end()

        try:
            with trace.use_span(span, record_exception=False, set_status_on_exception=False):
                return ClosingIterator(self._inner(environ, started), sent)
        except BaseException:
            span.set_status(trace.StatusCode.ERROR)
            sent()
            raise
