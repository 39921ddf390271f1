"""What a reader typed into the fields of a page, in the register's own words."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from flask import request

from registry.domain.dates import from_human
from registry.domain.errors import Invalid

LONGEST: Final = 2_000
WHOLE_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


def check_lengths() -> None:
    """Invalid for a parameter that no reader typed."""
    for name, value in request.args.items(multi=True):
        if len(value) > LONGEST or "\x00" in value:
            raise Invalid(f"expected at most {LONGEST:,} characters, and no NUL", name)


def day_in(text: str, field: str) -> str:
    """The EDTF of a day as people write it; Invalid on the field."""
    try:
        return from_human(text).text
    except Invalid as wrong:
        raise Invalid(wrong.message, field, wrong.offers) from None


def days_in(said: Mapping[str, str], *names: str) -> dict[str, str]:
    """The same parameters, those of these names in EDTF."""
    return {n: day_in(text, n) if n in names else text for n, text in said.items()}


def end_of(day: str) -> str | None:
    """The last second of a whole day, for a point of knowledge; None of today and later, of whose
    end nothing is known yet.
    """
    past = day < datetime.now(UTC).date().isoformat()
    return f"{day}T23:59:59Z" if past else None


def number_in(name: str, otherwise: int = 0) -> int:
    """A whole number of the address: a position, or how many to pass over; Invalid on `name`."""
    text = request.args.get(name) or str(otherwise)
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise Invalid(f"expected a whole number, got {text[:40]!r}", name)
    return int(text)
