"""Checkpoints of the log: signed on demand, at most one for each head, each extending the last.

The last one is also kept outside of the database, where the settings name a place: a database that
was restored from an older backup would not know what it had signed.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, Engine, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from registry.domain.errors import Invalid, Refused
from registry.store import log, notes
from registry.store.engine import code_of, is_sqlite, reading, writing
from registry.store.merkle import root
from registry.store.notes import Checkpoint, Key
from registry.store.signing import Signing, enter, kept_private, key_history, signer
from registry.store.tables import checkpoint
from registry.store.tree import Tree

_READ_ONLY: Final = ("25006", "0A000", "55000", 8)
"""What PostgreSQL says where it only reads, and what a replica says to BEGIN READ WRITE and to LOCK
TABLE; SQLITE_READONLY."""
_HOW: Final = "if that is meant, run `registry rotate-key --give-up --reason ...`"


def current(engine: Engine, signing: Signing, now: int, reader: Engine | None = None) -> Checkpoint:
    """The checkpoint of the present head, signed if it is not yet. Refused where the log does not
    extend what was signed before. Where nothing can be written, the last that was signed.
    """
    with reading(reader or engine) as conn:
        last, head = _last(conn), log.head(conn)
    kept = _beside(signing)
    if (
        last is not None
        and (last.size, last.root) == (head.position, root(head.frontier))
        and (kept is None or kept.size <= last.size)
    ):
        return last
    try:
        with writing(engine) as conn:
            return sign(conn, signing, now)
    except DBAPIError as error:
        if last is None or code_of(error) not in _READ_ONLY:
            raise
        return last


def sign(conn: Connection, signing: Signing, now: int) -> Checkpoint:
    """The checkpoint of the head, in the transaction of `conn`, which nobody else signs in."""
    head, last = refuse_unless_extended(conn, signing)
    top = root(head.frontier)
    if last is not None and last.size == head.position:
        return last
    key, private = signer(conn, signing, now)
    note = notes.signed(key.name, head.position, top, [(key, private)])
    made = Checkpoint(key.name, head.position, top, note)
    conn.execute(insert(checkpoint).values(_row(made, now)))
    keep_beside(signing, made)  # what it is of is committed, whatever becomes of this transaction
    return made


def refuse_unless_extended(
    conn: Connection, signing: Signing
) -> tuple[log.Head, Checkpoint | None]:
    """The head and the last checkpoint, once nobody else signs and the one extends the other."""
    _one_at_a_time(conn)
    head, tree, last = log.head(conn), Tree(conn), _last(conn)
    if tree.root(head.position) != root(head.frontier):
        raise Refused("the head of the log is not that of its tree: see `registry verify`")
    for earlier in (last, _beside(signing)):
        if earlier is not None and (why := _not_extended(tree, head.position, earlier)):
            raise Refused(f"no checkpoint is signed: {why}; {_HOW}")
    return head, last


def objection(engine: Engine, signing: Signing) -> str | None:
    """Why nothing would be signed now; None where something would, or nothing ever was."""
    with reading(engine) as conn:
        head, tree = log.head(conn), Tree(conn)
        try:
            signed = [each for each in (_last(conn), _beside(signing)) if each is not None]
        except Refused as why:
            return str(why)
        found = (_not_extended(tree, head.position, each) for each in signed)
        return next((why for why in found if why), None)


def rotate(
    conn: Connection, signing: Signing, now: int, key: Key, new: Ed25519PrivateKey
) -> Checkpoint:
    """A new key from the present head on; its first checkpoint is signed by the old one as well,
    where that is at hand. To be called in the transaction that records the rotation; once that is
    committed, `keep_beside`.
    """
    head = log.head(conn)
    keys, old = key_history(conn), kept_private(conn)
    signers = [(key, new)]
    if keys and old is not None and old.public_key().public_bytes_raw() == keys[-1].public:
        signers.append((keys[-1], old))
    enter(conn, key, new if signing.key_file is None else None, head.position, now)
    top = root(head.frontier)
    note = notes.signed(key.name, head.position, top, signers)
    made = Checkpoint(key.name, head.position, top, note)
    conn.execute(insert(checkpoint).values(_row(made, now)))
    return made


def give_up(conn: Connection, signing: Signing, now: int) -> list[Checkpoint]:
    """Give up the checkpoints that the log does not extend; which those are."""
    _one_at_a_time(conn)
    head, tree = log.head(conn), Tree(conn)
    every = [*kept(conn), *filter(None, [_beside(signing)])]
    gone = [each for each in every if _not_extended(tree, head.position, each)]
    for each in gone:
        same = (checkpoint.c.size == each.size, checkpoint.c.root == each.root)
        if conn.execute(select(checkpoint).where(*same)).first() is None:
            conn.execute(insert(checkpoint).values(_row(each, now)))
        conn.execute(update(checkpoint).where(*same).values(given_up_at=now))
    return gone


def kept(conn: Connection) -> list[Checkpoint]:
    """All that were signed and not given up, by size."""
    columns = (checkpoint.c.size, checkpoint.c.note)
    living = select(*columns).where(checkpoint.c.given_up_at.is_(None))
    return [notes.read(note) for _, note in conn.execute(living.order_by(checkpoint.c.size))]


def keep_beside(signing: Signing, made: Checkpoint) -> None:
    """Write it where the last one is kept outside of the database."""
    if signing.beside is None:
        return
    new = signing.beside.with_name(f"{signing.beside.name}.{os.getpid()}.new")
    with _told("write", signing.beside), new.open("w", encoding="utf-8") as file:
        file.write(made.note)
        file.flush()
        os.fsync(file.fileno())
        new.replace(signing.beside)


def _last(conn: Connection) -> Checkpoint | None:
    living = select(checkpoint.c.note).where(checkpoint.c.given_up_at.is_(None))
    note = conn.execute(living.order_by(checkpoint.c.size.desc()).limit(1)).scalar()
    return None if note is None else notes.read(note)


def _not_extended(tree: Tree, size: int, earlier: Checkpoint) -> str | None:
    if earlier.size > size:
        return f"one of {earlier.size} events was signed, and the log now holds {size}"
    if earlier.size and tree.root(earlier.size) != earlier.root:
        return f"the first {earlier.size} events are not those that were signed"
    return None


def _row(made: Checkpoint, now: int) -> dict[str, object]:
    return {"size": made.size, "root": made.root, "note": made.note, "signed_at": now}


def _beside(signing: Signing) -> Checkpoint | None:
    if signing.beside is None or not signing.beside.exists():
        return None
    with _told("read", signing.beside):
        return notes.read(signing.beside.read_text("utf-8"))


@contextmanager
def _told(what: str, path: Path) -> Iterator[None]:
    """A file that cannot be used is as good as a checkpoint that is not extended."""
    try:
        yield
    except (OSError, UnicodeDecodeError, Invalid) as error:
        raise Refused(f"no checkpoint is signed: cannot {what} {path}: {error}") from None


def _one_at_a_time(conn: Connection) -> None:
    """Until this transaction ends; on SQLite whoever writes is alone already."""
    if not is_sqlite(conn):
        conn.execute(text("LOCK TABLE checkpoint IN SHARE ROW EXCLUSIVE MODE"))
