"""One request to a receiver: so long and no longer, no redirect, and its answer is hardly read."""

import email.utils
import http.client
import io
import socket
import ssl
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from registry.domain.errors import Invalid
from registry.webhooks import addresses
from registry.webhooks.addresses import Place, Reach

MOST: Final = 65_536
"""So many bytes are read of what is answered, and then no more."""
LONGEST_WAIT: Final = 86_400.0
"""Seconds that `Retry-After` may ask for."""


@dataclass(frozen=True)
class Answer:
    """`status`: none where there was no answer; `problem`: in our words, none of the receiver's."""

    status: int | None
    problem: str = ""
    retry_after: float = 0.0

    @property
    def taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def gone(self) -> bool:
        return self.status == http.HTTPStatus.GONE


def post(url: str, body: bytes, headers: Mapping[str, str], reach: Reach, seconds: float) -> Answer:
    """Send it, once. Whatever goes wrong is an answer; `seconds` are for all of it, from the look
    at its name on.
    """
    until = time.monotonic() + seconds
    try:
        place = addresses.place(url, reach)
        found = addresses.resolved(place, reach, seconds)
        return _posted(place, found, body, headers, until)
    except Invalid as refused:
        return Answer(None, refused.message)
    except TimeoutError:
        return Answer(None, f"no answer within {seconds:g} s")
    except (socket.gaierror, UnicodeError):  # the latter for what no name can be
        return Answer(None, "its name is not known")
    except ssl.SSLCertVerificationError as wrong:
        return Answer(None, f"its certificate is not good: {wrong.verify_message}")
    except ssl.SSLError:
        return Answer(None, "no TLS that we speak")
    except http.client.HTTPException:
        return Answer(None, "its answer is not HTTP")
    except OSError as error:
        return Answer(None, f"no connection: {error.strerror or 'cut off'}")


def _posted(
    place: Place, found: list[str], body: bytes, headers: Mapping[str, str], until: float
) -> Answer:
    with _connected(place, found, until) as sock:
        conn = http.client.HTTPConnection(place.host, place.port)
        conn.sock = _Timed(sock, until)
        conn.putrequest("POST", place.target, skip_host=True, skip_accept_encoding=True)
        sent = {"Host": place.host_header, "Connection": "close", **headers}
        for name, value in (sent | {"Content-Length": str(len(body))}).items():
            conn.putheader(name, value)
        conn.endheaders(body)
        with conn.getresponse() as response:
            with suppress(OSError, http.client.HTTPException):
                response.read(MOST)  # the status was said: the rest is for politeness
            return _answer(response.status, response.headers.get("Retry-After"))


def _answer(status: int, retry_after: str | None) -> Answer:
    if 200 <= status < 300:
        return Answer(status)
    problem = f"redirected ({status})" if 300 <= status < 400 else f"answered {status}"
    return Answer(status, problem, _seconds(retry_after or ""))


def _seconds(retry_after: str) -> float:
    """RFC 9110 section 10.2.3: seconds or a date. What is neither asks for nothing."""
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:10]), LONGEST_WAIT)
    try:
        at = email.utils.parsedate_to_datetime(text).timestamp()
    except (ValueError, OverflowError):
        return 0.0
    return min(max(at - time.time(), 0.0), LONGEST_WAIT)


def _connected(place: Place, found: list[str], until: float) -> socket.socket:
    sock = _first(place, found, until)
    if not place.secure:
        return sock
    try:
        sock.settimeout(_left(until))
        return _context().wrap_socket(sock, server_hostname=place.host)
    except BaseException:
        sock.close()
        raise


def _first(place: Place, found: list[str], until: float) -> socket.socket:
    """The first of its addresses that lets us in."""
    refused: OSError = socket.gaierror()
    for address in found:
        try:
            return socket.create_connection((address, place.port), _left(until))
        except OSError as error:
            refused = error
    raise refused


@cache
def _context() -> ssl.SSLContext:
    """The system's authorities, and those of $SSL_CERT_FILE."""
    return ssl.create_default_context()


def _left(until: float) -> float:
    if (left := until - time.monotonic()) <= 0:
        raise TimeoutError
    return left


class _Timed:
    """A socket as `http.client` uses one; each step has what is left of the time, so that a byte
    now and then does not help.
    """

    def __init__(self, sock: socket.socket, until: float) -> None:
        self._sock = sock
        self._until = until

    def sendall(self, data: Any) -> None:
        left = memoryview(data)
        while left:
            self._sock.settimeout(_left(self._until))
            left = left[self._sock.send(left) :]

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_TimedReader(self._sock, self._until))

    def close(self) -> None:
        """Whoever connected closes it."""


class _TimedReader(io.RawIOBase):
    def __init__(self, sock: socket.socket, until: float) -> None:
        self._sock = sock
        self._until = until

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._sock.settimeout(_left(self._until))
        return self._sock.recv_into(buffer)
