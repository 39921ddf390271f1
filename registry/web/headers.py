"""The headers that keep a page from being framed, sniffed, or made to run what is not ours."""

import base64
import hashlib
import re
from typing import Final

from flask import Flask, Response, request

_POLICY: Final = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
POLICY: Final = "; ".join(f"{name} {value}" for name, value in _POLICY.items())
"""No inline script and no inline style, and nothing from elsewhere."""
_INLINE: Final = re.compile(rb"<script>(.*?)</script>", re.DOTALL)
_FRAMED: Final = "/reconcile/preview"
"""The one page that is made to be shown in a frame of another program."""
_LOOPBACK: Final = ("127.0.0.1", "localhost", "[::1]", "::1")


def plug(app: Flask) -> None:
    app.after_request(_guard)


def plainly_local() -> bool:
    """Whether this request came over plain HTTP to this very machine."""
    host = request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else request.host
    return not request.is_secure and host in _LOOPBACK


def _guard(response: Response) -> Response:
    response.headers["X-Content-Type-Options"] = "nosniff"
    if response.mimetype == "text/html":
        swagger = request.path.startswith("/docs")
        response.headers["Content-Security-Policy"] = _of_swagger(response) if swagger else POLICY
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
        if request.path == _FRAMED:
            policy = POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")
            response.headers["Content-Security-Policy"] = policy
        else:
            response.headers["X-Frame-Options"] = "DENY"
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    return response


def _of_swagger(response: Response) -> str:
    """Swagger UI writes style attributes, and its page holds one script, which is named by its hash."""
    response.direct_passthrough = False
    hashes = [
        f"'sha256-{base64.b64encode(hashlib.sha256(each).digest()).decode()}'"
        for each in _INLINE.findall(response.get_data())
    ]
    return POLICY.replace("script-src 'self'", " ".join(("script-src 'self'", *hashes))).replace(
        "style-src 'self'", "style-src 'self' 'unsafe-inline'"
    )
