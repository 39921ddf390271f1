"""Instants of the register's knowledge: RFC 3339 text and microseconds since 1970."""

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from registry.domain.errors import Invalid

_RFC3339 = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=4_000)  # the events of one moment share it, and every answer tells it twice
def instant_text(microseconds: int) -> str:
    """As RFC 3339 in UTC with microseconds: 2012-06-20T10:00:00.000000Z."""
    moment = _EPOCH + timedelta(microseconds=microseconds)
    return moment.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def instant(text: str, field: str) -> int:
    """Microseconds since 1970 of an RFC 3339 instant; Invalid on `field`."""
    found = _RFC3339.fullmatch(text)
    if not found:
        raise Invalid(
            f"not an instant or position: {text!r} (expected e.g. 2026-01-31T12:00:00Z or @1234)",
            field,
        )
    fraction = found[1] or ""
    plain = text.upper().replace(" ", "T").replace(fraction, fraction[:7])
    try:
        moment = datetime.fromisoformat(plain)
    except ValueError as wrong:
        raise Invalid(f"not an instant: {text!r} ({wrong})", field) from None
    return (moment - _EPOCH) // timedelta(microseconds=1)
