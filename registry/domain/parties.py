"""How parties are named: ids for ever, and codes of other schemes that hold for a time."""

import re
from typing import Final

PARTY_ID: Final = re.compile(r"[A-Z][A-Z0-9-]{1,31}")
SLUG: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,99}")
CODE_SCHEMES: Final = ("iso3", "iso2", "isohist", "cow", "gw", "wikidata")
_CODED: Final = re.compile(r"([a-z][a-z0-9]{1,15}):([A-Za-z0-9.-]{1,32})")


def is_party_id(text: str) -> bool:
    return PARTY_ID.fullmatch(text) is not None


def coded(text: str) -> tuple[str, str] | None:
    """(scheme, code) of a namespaced code such as `cow:145`."""
    found = _CODED.fullmatch(text)
    return (found[1], found[2]) if found else None


def looks_like_party(text: str) -> bool:
    """Whether a free actor is meant as a party: an id or a namespaced code, not a description."""
    return is_party_id(text) or coded(text) is not None
