"""The server of the tests: who hangs up on it leaves nothing open behind."""

import socket
import struct
import threading
from collections.abc import Iterator
from typing import Any

from tests.serving import served

_RESET = struct.pack("ii", 1, 0)


def test_an_answer_is_closed_though_its_client_hung_up() -> None:
    asked, gone, closed = threading.Event(), threading.Event(), threading.Event()

    class Answer:
        def __iter__(self) -> Iterator[bytes]:
            return iter([b"x"])

        def close(self) -> None:
            closed.set()

    def app(_: dict[str, Any], start_response: Any) -> Answer:
        asked.set()
        assert gone.wait(10)
        start_response("200 OK", [("Content-Length", "1")])
        return Answer()

    with served(app) as port:
        client = socket.create_connection(("127.0.0.1", port))
        client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert asked.wait(10)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        client.close()
        gone.set()
        assert closed.wait(10)
