"""The keys that checkpoints are signed by: one of the keeper's own, or one that is kept here."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from sqlalchemy import Connection, insert, select

from registry.domain.errors import Invalid, Refused
from registry.store.notes import Key
from registry.store.people_tables import secret
from registry.store.tables import log_key

SECRET: Final = "log_key"  # noqa: S105 - the name under which it is kept


@dataclass(frozen=True)
class Signing:
    """Where checkpoints come from. `key_file`: a PEM file that holds an Ed25519 key; none: the
    key is made and kept in the database. `beside`: where the last checkpoint is kept, too.
    """

    origin: str = ""
    key_file: Path | None = None
    beside: Path | None = None


def signer(conn: Connection, signing: Signing, now: int) -> tuple[Key, Ed25519PrivateKey]:
    """The present key; the first one is entered when it is first needed."""
    private, keys = _private(conn, signing), key_history(conn)
    if not keys:
        private = private or Ed25519PrivateKey.generate()
        first = Key(signing.origin or _made_up(), private.public_key().public_bytes_raw())
        enter(conn, first, private if signing.key_file is None else None, 0, now)
        return first, private
    key = keys[-1]
    if private is None or private.public_key().public_bytes_raw() != key.public:
        raise Refused(
            f"the key at hand is not the one this log is signed by, {key.text}: set "
            "REGISTRY_SIGNING_KEY to its file, or change keys with `registry rotate-key`"
        )
    if signing.origin and signing.origin != key.name:
        raise Refused(
            f"this log is signed as {key.name}, not {signing.origin}: set REGISTRY_ORIGIN back, "
            "or take the new name with `registry rotate-key`"
        )
    return key, private


def next_key(conn: Connection, signing: Signing) -> Ed25519PrivateKey:
    """The key to change to: that of the file, which must be another one, or one made now."""
    if signing.key_file is None:
        return Ed25519PrivateKey.generate()
    made = from_file(signing.key_file)
    keys = key_history(conn)
    if keys and made.public_key().public_bytes_raw() == keys[-1].public:
        raise Invalid("it holds the key in use: put another one there", "REGISTRY_SIGNING_KEY")
    return made


def key_history(conn: Connection) -> list[Key]:
    """Every key that checkpoints were signed by, the present one last."""
    rows = conn.execute(select(log_key.c.name, log_key.c.public).order_by(log_key.c.id))
    return [Key(name, bytes(public)) for name, public in rows]


def named(conn: Connection, signing: Signing, new: Ed25519PrivateKey) -> Key:
    """What a key that comes next will be called."""
    keys = key_history(conn)
    name = signing.origin or (keys[-1].name if keys else _made_up())
    return Key(name, new.public_key().public_bytes_raw())


def from_file(path: Path) -> Ed25519PrivateKey:
    """Invalid, naming the setting, where the file is none that holds such a key."""
    made: object
    try:
        made = load_pem_private_key(path.read_bytes(), None)
    except OSError as error:
        raise Invalid(f"cannot read {path}: {error.strerror}", "REGISTRY_SIGNING_KEY") from None
    except (ValueError, TypeError):
        made = None
    if not isinstance(made, Ed25519PrivateKey):
        raise Invalid(
            f"{path} holds no Ed25519 key in PEM (see `openssl genpkey -algorithm ed25519`)",
            "REGISTRY_SIGNING_KEY",
        )
    return made


def _private(conn: Connection, signing: Signing) -> Ed25519PrivateKey | None:
    return kept_private(conn) if signing.key_file is None else from_file(signing.key_file)


def kept_private(conn: Connection) -> Ed25519PrivateKey | None:
    text_ = conn.execute(select(secret.c.value).where(secret.c.name == SECRET)).scalar()
    return None if text_ is None else Ed25519PrivateKey.from_private_bytes(bytes.fromhex(text_))


def enter(
    conn: Connection, key: Key, private: Ed25519PrivateKey | None, size: int, now: int
) -> None:
    count = len(key_history(conn))
    row = {"id": count + 1, "name": key.name, "public": key.public, "size": size, "made_at": now}
    conn.execute(insert(log_key).values(row))
    conn.execute(secret.delete().where(secret.c.name == SECRET))
    if private is not None:
        value = private.private_bytes_raw().hex()
        conn.execute(insert(secret).values(name=SECRET, value=value))


def _made_up() -> str:
    """Where no origin is set: a name that no other log has."""
    return f"agreement-registry/{os.urandom(8).hex()}"
