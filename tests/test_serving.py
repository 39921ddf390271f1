"""The server of the tests: who hangs up on it leaves nothing open behind."""

import socket
import struct
import threading
from collections.abc import Iterator
from typing import Any

from tests.serving import served

_RESET = struct.pack("ii", 1, 0)
_MORE_THAN_THE_QUESTION = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\nand"
"""What follows a question is waited for, and the waiting ends with the reset."""


def test_an_answer_is_closed_though_its_client_hung_up() -> None:
    closed = threading.Event()

    class Answer:
        def __iter__(self) -> Iterator[bytes]:
            return iter([b"the end"])

        def close(self) -> None:
            closed.set()

    def app(_: dict[str, Any], start_response: Any) -> Answer:
        start_response("200 OK", [("Content-Length", "7")])
        return Answer()

    with served(app) as port:
        client = socket.create_connection(("127.0.0.1", port))
        client.sendall(_MORE_THAN_THE_QUESTION)
        told = b""
        while not told.endswith(b"the end"):
            told += client.recv(100)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        client.close()
        assert closed.wait(10)
