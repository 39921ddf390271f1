"""Passwords: argon2id, and the rules of NIST SP 800-63B-4 (long, not guessable, nothing about composition)."""

import unicodedata
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from registry.domain.errors import Invalid

SHORTEST: Final = 15
"""SP 800-63B-4 section 3.1.1.2: where the password is the only factor."""
LONGEST: Final = 200
_EASY: Final = 2
"""Scores of zxcvbn below this could be guessed from lists of common passwords."""

_hasher: Final = PasswordHasher()
_NOBODY: Final = (
    "$argon2id$v=19$m=65536,t=3,p=4$9d1VglK/OwlSfCopPuWUVw"
    "$Y2BLRRqJk65VVL7eK/jtIyFNZ81MpqNkTAaDdmrqpcc"
)
"""Verified where there is no account, so that the answer takes as long."""


def hashed(password: str) -> str:
    return _hasher.hash(_normal(password))


def check(password: str, *about: str) -> None:
    """Invalid where it is short, long, or easy to guess; `about`: words that are no secret."""
    from zxcvbn import zxcvbn  # noqa: PLC0415 - loads long lists

    text = _normal(password)
    if len(text) < SHORTEST:
        raise Invalid(
            f"use at least {SHORTEST} characters; a few words in a row do well", "password"
        )
    if len(text) > LONGEST:
        raise Invalid(f"use at most {LONGEST} characters", "password")
    known = [each for words in (*about, "registry", "agreement registry") for each in words.split()]
    if zxcvbn(text[:72], user_inputs=known)["score"] < _EASY:
        raise Invalid(
            "this is among the passwords that are tried first: take words that do not belong "
            "together",
            "password",
        )


def is_right(password: str, password_hash: str | None) -> bool:
    """The same time is spent where there is no hash to compare with."""
    try:
        _hasher.verify(password_hash or _NOBODY, _normal(password))
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Whether it was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)


def _normal(password: str) -> str:
    """SP 800-63B-4 section 3.1.1.2: one form for what looks the same."""
    return unicodedata.normalize("NFKC", password)
