"""A party's code in another scheme, and when it was valid."""

from dataclasses import dataclass

from registry.domain.dates import Edtf


@dataclass(frozen=True, slots=True)
class Code:
    """`valid` None: at all times."""

    scheme: str
    code: str
    valid: Edtf | None = None
