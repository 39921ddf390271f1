"""Where webhooks may go: an address on the web is somebody's wish, and must not lead inside."""

import ipaddress
import socket
import threading
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urlsplit

from registry.domain.errors import Invalid

Reach = Literal["public", "loopback", "private"]
"""How far inside it may go: not at all; also to this machine; also into networks of our own."""
_LONGEST: Final = 2_000
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
_SITE_LOCAL: Final = ipaddress.ip_network("fec0::/10")
"""Given up in RFC 3879, and taken for public by the standard library."""

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True)
class Place:
    """A webhook's URL, in its parts."""

    secure: bool
    host: str
    port: int
    target: str

    @property
    def origin(self) -> str:
        """What may be shown of it: the rest may hold a secret of the receiver's."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = self.port == (443 if self.secure else 80)
        return f"http{'s' if self.secure else ''}://{host}{'' if usual else f':{self.port}'}"

    @property
    def host_header(self) -> str:
        return self.origin.partition("://")[2]


def place(url: str, reach: Reach) -> Place:
    """Invalid where it is no URL of the web, or one that never may be told."""
    if len(url) > _LONGEST or not url.isascii() or not url.isprintable() or " " in url:
        raise Invalid(f"expected a URL of at most {_LONGEST} ASCII characters", "URL")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise Invalid(f"not a URL: {url!r}", "URL") from None
    if parts.scheme not in ("http", "https") or not host or port == 0:
        raise Invalid("expected a URL that begins with https:// and names a host", "URL")
    if "@" in parts.netloc or parts.fragment:
        raise Invalid("expected a URL without a name, a password and a #fragment", "URL")
    secure = parts.scheme == "https"
    if not secure and reach == "public":
        raise Invalid("expected https:// (see REGISTRY_WEBHOOK_REACH)", "URL")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    made = Place(secure, host, port or (443 if secure else 80), target)
    try:
        literal = ipaddress.ip_address(host)
    except ValueError:
        return made
    refuse(literal, made, reach)
    return made


def resolved(of: Place, reach: Reach, seconds: float) -> list[str]:
    """The addresses of its host, each of which may be connected to; OSError where there is none.

    Looked up once: what is connected to is what was looked at, whatever the name means by then.
    TimeoutError after so many seconds.
    """
    looking: Future[list[str]] = Future()
    threading.Thread(target=_look_up, args=(of, looking), daemon=True).start()
    texts = looking.result(seconds)
    for text in texts:
        refuse(ipaddress.ip_address(text), of, reach)
    return texts


def _look_up(of: Place, told: Future[list[str]]) -> None:
    """In a thread of its own, since the system's resolver can not be told how long it may take."""
    try:
        found = socket.getaddrinfo(of.host, of.port, type=socket.SOCK_STREAM)
        told.set_result(list(dict.fromkeys(str(address[0]) for *_, address in found)))
    except (OSError, UnicodeError) as failed:
        told.set_exception(failed)


def refuse(address: Address, of: Place, reach: Reach) -> None:
    """Invalid where nothing may be sent there."""
    kind = _kind(address)
    if kind not in _ALLOWED[reach]:
        raise Invalid(f"{of.host} is at {kind} address (see REGISTRY_WEBHOOK_REACH)", "URL")
    if not of.secure and kind != _LOOPBACK:
        raise Invalid("expected https://: plain http:// is for this machine alone", "URL")


_PUBLIC: Final = "a public"
_LOOPBACK: Final = "a loopback"
_PRIVATE: Final = "a private"
_NOWHERE: Final = "a link-local or reserved"
_ALLOWED: Final[dict[Reach, tuple[str, ...]]] = {
    "public": (_PUBLIC,),
    "loopback": (_PUBLIC, _LOOPBACK),
    "private": (_PUBLIC, _LOOPBACK, _PRIVATE),
}
"""Link-local ones never are: clouds tell their machines' secrets there."""


def _kind(address: Address) -> str:
    address = _meant(address)
    if address.is_loopback:
        return _LOOPBACK
    if (
        address.is_link_local
        or address.is_multicast
        or address.is_unspecified
        or address.is_reserved
        or address in _SITE_LOCAL
    ):
        return _NOWHERE
    return _PUBLIC if address.is_global else _PRIVATE


def _meant(address: Address) -> Address:
    """IPv6 has several ways to write an IPv4 address."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else address)
