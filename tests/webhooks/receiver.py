"""A real server that webhooks are told to, and the signature checked as the standard says, by its text alone."""

import base64
import binascii
import hashlib
import hmac
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import orjson

Answering = Callable[[BaseHTTPRequestHandler], object]


@dataclass(frozen=True)
class Message:
    headers: Mapping[str, str]
    body: bytes
    at: float

    @property
    def event(self) -> Any:
        return orjson.loads(self.body)

    @property
    def position(self) -> int:
        return int(self.event["sequence"])


@dataclass
class Receiver:
    """`answers`: what is answered next, first to last; 204 once there are none."""

    url: str = ""
    got: list[Message] = field(default_factory=list)
    answers: list[int | Answering] = field(default_factory=list)

    @property
    def positions(self) -> list[int]:
        return [each.position for each in self.got]

    def wait_for(self, many: int, seconds: float = 30) -> None:
        until = time.monotonic() + seconds
        while len(self.got) < many:
            assert time.monotonic() < until, f"{len(self.got)} of {many} came"
            time.sleep(0.01)


@contextmanager
def receiving(certificate: str | None = None) -> Iterator[Receiver]:
    """On loopback; over TLS with a certificate (a PEM file with its key)."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.got.append(Message(headers, body, time.monotonic()))
            said = receiver.answers.pop(0) if receiver.answers else 204
            if callable(said):
                said(self)
            else:
                answer(self, said)

        def log_message(self, *_: Any) -> None:
            """It would be in the way."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # who hangs up is meant to
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    scheme = "https" if certificate else "http"
    receiver.url = f"{scheme}://127.0.0.1:{server.server_port}/hook"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.socket.close()


def answer(handler: BaseHTTPRequestHandler, status: int, **headers: str) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", "0")
    handler.end_headers()


def is_signed(secret: str, headers: Mapping[str, str], body: bytes) -> bool:
    """As section "Signature scheme" of Standard Webhooks 1.0.0 is read by a stranger."""
    kind, _, key = secret.partition("_")
    assert kind == "whsec"
    content = headers["webhook-id"] + "." + headers["webhook-timestamp"] + "." + body.decode()
    digest = hmac.new(binascii.a2b_base64(key), content.encode(), hashlib.sha256).digest()
    expected = "v1," + base64.standard_b64encode(digest).decode()
    return any(
        hmac.compare_digest(each, expected) for each in headers["webhook-signature"].split(" ")
    )
