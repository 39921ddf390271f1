"""C2SP signed notes with a checkpoint of the log in them: written, signed, read, checked.

https://c2sp.org/signed-note and https://c2sp.org/tlog-checkpoint; Ed25519 only.
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from registry.domain.errors import Invalid
from registry.store.merkle import HASH_SIZE

ED25519: Final = b"\x01"
_LONGEST: Final = 20_000


@dataclass(frozen=True)
class Key:
    """`name`: the origin of the log; `public`: 32 bytes."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        said = self.name.encode() + b"\n" + ED25519 + self.public
        return hashlib.sha256(said).digest()[:4]

    @property
    def text(self) -> str:
        """The verifier key: name, id and key, joined by plus signs."""
        return f"{self.name}+{self.id.hex()}+{_base64(ED25519 + self.public)}"

    def signed(self, note: str) -> bool:
        """Whether a signature of this key is under the note, and is good."""
        text, found = _apart(note)
        for name, sign in found:
            if name != self.name or sign[:4] != self.id:
                continue
            try:
                Ed25519PublicKey.from_public_bytes(self.public).verify(sign[4:], text.encode())
            except InvalidSignature:
                return False
            return True
        return False


@dataclass(frozen=True)
class Checkpoint:
    """What a log was: so many leaves, and their root hash."""

    origin: str
    size: int
    root: bytes
    note: str


def signed(origin: str, size: int, root: bytes, keys: list[tuple[Key, Ed25519PrivateKey]]) -> str:
    """The note of a checkpoint with a signature of each key under it."""
    text = f"{origin}\n{size}\n{_base64(root)}\n"
    signatures = [
        f"\N{EM DASH} {key.name} {_base64(key.id + private.sign(text.encode()))}\n"
        for key, private in keys
    ]
    return text + "\n" + "".join(signatures)


def read(note: str) -> Checkpoint:
    """The checkpoint in a note, whoever signed it. Invalid where it is none."""
    text, _ = _apart(note)
    lines = text.split("\n")
    if len(lines) < 4 or not lines[0]:
        raise Invalid("not a checkpoint (expected an origin, a size and a root hash)")
    origin, size, root = lines[:3]
    whole = size.isascii() and size.isdigit() and len(size) < 19 and str(int(size)) == size
    try:
        hashed = base64.b64decode(root, validate=True)
    except (binascii.Error, ValueError):
        hashed = b""
    if not whole or len(hashed) != HASH_SIZE:
        raise Invalid("not a checkpoint (expected an origin, a size and a root hash)")
    return Checkpoint(origin, int(size), hashed, note)


def _apart(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """The text that is signed, and (name, key id and signature) of each signature under it."""
    text, blank, below = note.rpartition("\n\n")
    if not blank or not below.endswith("\n") or len(note) > _LONGEST:
        raise Invalid("not a signed note (expected a text, an empty line, and signatures)")
    found: list[tuple[str, bytes]] = []
    for line in below[:-1].split("\n"):
        dash, _, rest = line.partition(" ")
        name, _, said = rest.partition(" ")
        try:
            sign = base64.b64decode(said, validate=True)
        except (binascii.Error, ValueError):
            sign = b""
        if dash != "\N{EM DASH}" or not name or len(sign) < 5:
            raise Invalid(f"not a signature of a note: {line[:60]!r}")
        found.append((name, sign))
    return text + "\n", found


def _base64(said: bytes) -> str:
    return base64.b64encode(said).decode()
