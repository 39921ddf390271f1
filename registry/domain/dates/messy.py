"""Dates as the R package messydates writes them: EDTF, and ranges without brackets.

`1981-09..1981-10` (or with `:`) is taken as one day somewhere in it, so it becomes the EDTF set
`[1981-09..1981-10]`; `..1981` and `1981..` likewise. The result's text is EDTF; who needs the
source's own words keeps them apart.
"""

from registry.domain.dates.edtf import Edtf, parse
from registry.domain.dates.refusal import NotADate


def parse_messy(text: str) -> Edtf:
    """The date a messydates text stands for; NotADate with the reason where it is none."""
    try:
        return parse(text)
    except NotADate:
        ranged = text if ".." in text else text.replace(":", "..", 1)
        if ".." not in ranged or any(mark in text for mark in "[]{},/T"):
            raise
    try:
        return parse(f"[{ranged}]")
    except NotADate as refusal:
        raise NotADate.because(text, refusal.reason, what="a messy date") from None
