"""An application behind a real socket on loopback."""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from werkzeug.serving import make_server

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


@contextmanager
def served(app: Application) -> Iterator[int]:
    """The port at which it answers until the end of the block."""
    server = make_server("127.0.0.1", 0, _closed_at_once(app), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _closed_at_once(app: Application) -> Application:
    """Answers read to their end and closed before they are sent; a stream of events is sent as it comes.

    werkzeug's server leaves an answer open where the client hung up on it, as a browser that goes on
    to the next page does; the file behind it is then found by whichever test runs next.
    """

    def answered(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        types: list[str] = []

        def started(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            types.extend(value for name, value in headers if name.lower() == "content-type")
            return start_response(status, headers, *rest)

        answer = app(environ, started)
        if any(each.startswith("text/event-stream") for each in types):
            return answer
        try:
            return [b"".join(answer)]
        finally:
            if close := getattr(answer, "close", None):
                close()

    return answered
