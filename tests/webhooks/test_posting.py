"""One request to a receiver that is slow, endless, elsewhere, or not who it says it is."""

import datetime as dt
import email.utils
import ipaddress
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from registry.domain.errors import Invalid
from registry.webhooks import addresses, posting
from registry.webhooks.addresses import Reach
from registry.webhooks.posting import Answer, post
from tests.webhooks.receiver import Receiver, answer, receiving


def sent(url: str, seconds: float = 5, reach: Reach = "loopback") -> Answer:
    return post(url, b"{}", {"webhook-id": "one"}, reach, seconds)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_any_2xx_says_that_it_is_taken(receiver: Receiver, status: int) -> None:
    receiver.answers = [status]
    assert sent(receiver.url + "?a=b").taken
    assert receiver.got[0].body == b"{}"
    assert receiver.got[0].headers["host"] == receiver.url.split("/")[2]


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(receiver: Receiver, status: int) -> None:
    with receiving() as elsewhere:
        receiver.answers = [lambda handler: answer(handler, status, Location=elsewhere.url)]
        said = sent(receiver.url)
        assert elsewhere.got == []
    assert not said.taken
    assert said == Answer(status, f"redirected ({status})")


def test_no_answer_in_time_is_no_answer(receiver: Receiver) -> None:
    over = threading.Event()
    receiver.answers = [lambda _: over.wait(10)]
    began = time.monotonic()
    assert sent(receiver.url, 0.3) == Answer(None, "no answer within 0.3 s")
    assert time.monotonic() - began < 2
    over.set()


def test_a_name_that_takes_too_long_to_find_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: over.wait(10) and [])
    began = time.monotonic()
    assert sent("http://slow.example/", 0.3) == Answer(None, "no answer within 0.3 s")
    assert time.monotonic() - began < 2
    over.set()


def test_a_byte_now_and_then_does_not_make_it_longer(receiver: Receiver) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        with suppress(OSError):
            handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
            for _ in range(100):
                handler.wfile.write(b"X-More: and more\r\n"[:1])
                handler.wfile.flush()
                time.sleep(0.1)

    receiver.answers = [drip]
    began = time.monotonic()
    assert sent(receiver.url, 0.5) == Answer(None, "no answer within 0.5 s")
    assert time.monotonic() - began < 2


def test_of_an_endless_answer_no_more_is_read_than_so_much(receiver: Receiver) -> None:
    wrote = 0

    def go_on(handler: BaseHTTPRequestHandler) -> None:
        nonlocal wrote
        handler.send_response(200)
        handler.end_headers()
        with suppress(OSError):
            while wrote < 1_000_000_000:
                wrote += handler.wfile.write(b"x" * 65_536)

    receiver.answers = [go_on]
    assert sent(receiver.url).taken
    assert wrote < 100_000_000


def test_endless_headers_are_no_answer(receiver: Receiver) -> None:
    def go_on(handler: BaseHTTPRequestHandler) -> None:
        with suppress(OSError):
            handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
            while True:
                handler.wfile.write(b"X-More: and more\r\n" * 1_000)

    receiver.answers = [go_on]
    assert sent(receiver.url) == Answer(None, "its answer is not HTTP")


def test_what_is_no_http_and_who_is_not_there_is_said_in_our_words(receiver: Receiver) -> None:
    receiver.answers = [lambda handler: handler.wfile.write(b"SSH-2.0 secret\r\n")]
    assert sent(receiver.url) == Answer(None, "its answer is not HTTP")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert sent(f"http://127.0.0.1:{port}/") == Answer(None, "no connection: Connection refused")


@pytest.mark.parametrize("host", ["a..b", f"{'a' * 64}.example", ".example"])
def test_what_no_name_can_be_is_not_known(host: str) -> None:
    assert sent(f"https://{host}/") == Answer(None, "its name is not known")


def test_retry_after_is_read_as_seconds_or_as_a_date(receiver: Receiver) -> None:
    def said(text: str) -> float:
        receiver.answers = [lambda handler: answer(handler, 503, Retry_After=text)]
        return sent(receiver.url).retry_after

    assert said("120") == 120
    soon = email.utils.format_datetime(
        dt.datetime.now(dt.UTC) + dt.timedelta(seconds=90), usegmt=True
    )
    assert 80 < said(soon) <= 90
    assert said("Wed, 21 Oct 2015 07:28:00 GMT") == 0
    assert said("9" * 300) == posting.LONGEST_WAIT
    for wrong in ("-5", "soon", "1.5", "٣"):
        assert said(wrong) == 0


@pytest.fixture
def certified(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Receiver]:
    """Over TLS, with a certificate for the address that the test names, which is trusted."""
    file = _certificate(tmp_path, request.param)
    monkeypatch.setenv("SSL_CERT_FILE", file)
    posting._context.cache_clear()
    with receiving(file) as receiver:
        yield receiver
    posting._context.cache_clear()


@pytest.mark.parametrize("certified", ["127.0.0.1"], indirect=True)
def test_a_good_certificate_lets_it_through(certified: Receiver) -> None:
    assert sent(certified.url).taken
    assert len(certified.got) == 1


@pytest.mark.parametrize("certified", ["127.0.0.2"], indirect=True)
def test_a_certificate_for_another_is_not_good(certified: Receiver) -> None:
    said = sent(certified.url)
    assert said.problem.startswith("its certificate is not good: IP address mismatch")
    assert certified.got == []


@pytest.mark.parametrize("certified", ["127.0.0.1"], indirect=True)
def test_a_certificate_that_nobody_vouches_for_is_not_good(
    certified: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    posting._context.cache_clear()
    assert sent(certified.url).problem.startswith("its certificate is not good: self")
    assert certified.got == []


def test_plain_text_where_tls_was_meant_is_no_answer(receiver: Receiver) -> None:
    said = sent(receiver.url.replace("http://", "https://"))
    assert said == Answer(None, "no TLS that we speak")
    assert receiver.got == []


INSIDE = (
    *("127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", "10.0.0.1", "172.16.0.1"),
    *("192.168.1.1", "100.64.0.1", "169.254.169.254", "0.0.0.0", "::", "fe80::1", "fc00::1"),  # noqa: S104
    *("::ffff:10.0.0.1", "64:ff9b::10.0.0.1", "2002:a00:1::", "224.0.0.1", "ff02::1", "240.0.0.1"),
    *("255.255.255.255", "fec0::1", "::7f00:1"),
)


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_is_refused_however_it_is_written(address: str) -> None:
    host = f"[{address}]" if ":" in address else address
    with pytest.raises(Invalid, match="REGISTRY_WEBHOOK_REACH"):
        addresses.place(f"https://{host}/hook", "public")


@pytest.mark.parametrize("address", ["1.1.1.1", "[2606:4700:4700::1111]", "[::ffff:1.1.1.1]"])
def test_an_address_outside_is_allowed(address: str) -> None:
    assert addresses.place(f"https://{address}/hook", "public").origin == f"https://{address}"


def test_how_far_inside_it_may_go_is_a_setting() -> None:
    for reach, url, allowed in (
        *(("loopback", "http://127.0.0.1/", True), ("loopback", "https://[::1]:8/", True)),
        *(("loopback", "https://10.0.0.1/", False), ("loopback", "http://1.1.1.1/", False)),
        *(("private", "https://10.0.0.1/", True), ("private", "http://10.0.0.1/", False)),
        *(("private", "https://169.254.169.254/", False), ("private", "https://[::]/", False)),
        *(("public", "http://example.org/", False), ("public", "https://example.org/", True)),
    ):
        with suppress(Invalid):
            addresses.place(url, reach)  # type: ignore[arg-type]  # a tuple widens it
            assert allowed, url
            continue
        assert not allowed, url


@pytest.mark.parametrize(
    "url",
    [
        *("ftp://example.org/", "example.org", "https://", "https:///x", "https://a:0/"),
        *("https://a:99999/", "https://name:word@example.org/", "https://example.org/#part"),
        *(
            "https://example.org/a b",
            "https://example.org/\r\nX: y",
            "https://[::1/",
            "https://é.org",
        ),
        "https://example.org/" + "x" * 2_000,
    ],
)
def test_what_is_no_address_of_the_web_is_refused(url: str) -> None:
    with pytest.raises(Invalid) as refused:
        addresses.place(url, "public")
    assert refused.value.field == "URL"


def test_a_name_is_looked_up_once_and_what_was_looked_at_is_connected_to(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that means something else when it is asked again leads nowhere."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def answered(host: str, port: int, *args: Any, **more: Any) -> Any:
        if host != "receiver.example":
            return real(host, port, *args, **more)
        asked.append(host)
        meant = "127.0.0.1" if len(asked) == 1 else "10.0.0.1"
        return real(meant, port, *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", answered)
    url = receiver.url.replace("127.0.0.1", "receiver.example")
    assert sent(url).taken
    assert asked == ["receiver.example"]
    assert sent(url) == Answer(
        None, "receiver.example is at a private address (see REGISTRY_WEBHOOK_REACH)"
    )
    assert len(receiver.got) == 1


def test_a_name_that_also_leads_inside_leads_nowhere(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = socket.getaddrinfo

    def answered(_host: str, port: int, *args: Any, **more: Any) -> Any:
        return real("1.1.1.1", port, *args, **more) + real("127.0.0.1", port, *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", answered)
    url = receiver.url.replace("127.0.0.1", "receiver.example").replace("http:", "https:")
    assert sent(url, reach="public").problem.startswith("receiver.example is at a loopback address")
    assert receiver.got == []


def _certificate(folder: Path, address: str) -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a receiver")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = serialization.NoEncryption()
    file = folder / "receiver.pem"
    file.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain) + made.public_bytes(pem)
    )
    return str(file)
