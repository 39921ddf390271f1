"""The links of RFC 7089 that every page has: what it is a state of, and where its other states are."""

from typing import Final

from flask import Response, request

from registry.explore.shown import Looking
from registry.web.answering import address, date_of

LINK_FORMAT: Final = "application/link-format"
AFTER: Final = "timemap_after"
"""The parameter of a TimeMap that says after which moment it goes on."""
NOT_ITS: Final = ("known_at", "cite", "cursor", AFTER)
"""Parameters that are not of the original resource."""


def link(response: Response, here: Looking) -> None:
    """The links that each page has: what it is a state of, and where its other states are."""
    original = original_of(request.path)
    pinned = absolute(here.pinned())
    links = [
        *around(original),
        f'<{absolute(f"/timegate{original}")}>; rel="timegate"',
    ]
    if here.view.moment:
        when = date_of(here.view.recorded_at)
        links.append(f'<{pinned}>; rel="memento"; datetime="{when}"')
    response.headers["Link"] = ", ".join(links)


def around(original: str) -> list[str]:
    return [
        f'<{absolute(original)}>; rel="original"',
        f'<{absolute(f"/timemap{original}")}>; rel="timemap"; type="{LINK_FORMAT}"',
    ]


def original_of(path: str) -> str:
    """The address of the page whatever is known, with its own parameters."""
    kept = [(n, v) for n, v in request.args.items(multi=True) if n not in NOT_ITS]
    return address(kept, path)


def absolute(path: str) -> str:
    """The same address with the host in it, for readers elsewhere."""
    return request.host_url.rstrip("/") + path
