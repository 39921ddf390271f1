"""Addresses worth opening, for who has just arrived."""

from typing import Final

WORTH_OPENING: Final = (
    "/relations/BOL/USA?as_of=2009-06-01",
    "/api/v1/relations/BOL/USA?as_of=2009-06-01",
    "/docs",
)
