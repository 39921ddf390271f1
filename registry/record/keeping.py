"""What only the keeper records: another signing key."""

from dataclasses import dataclass

from sqlalchemy import Connection

from registry.domain.events.register import KeyRotated
from registry.record import Clock, Submission, record
from registry.store import checkpoints
from registry.store.checkpoints import Signing
from registry.store.notes import Checkpoint, Key

KEEPER = "the keeper"
"""Who stands beside what is recorded so: whoever has the shell of the register."""


@dataclass(frozen=True)
class Rotated:
    key: Key
    checkpoint: Checkpoint
    given_up: list[Checkpoint]


def rotate_key(
    conn: Connection, signing: Signing, reason: str, now: Clock, *, give_up: bool
) -> Rotated:
    """Change keys in the transaction of `conn`, which records it. Refused where the log does not
    extend what was signed before, unless those checkpoints are given up.
    """
    given_up = checkpoints.give_up(conn, signing, now()) if give_up else []
    if not give_up:
        checkpoints.refuse_unless_extended(conn, signing)
    new = checkpoints.next_key(conn, signing)
    key = checkpoints.named(conn, signing, new)
    event = KeyRotated(key=key.text, reason=reason)
    record(conn, [Submission(event, by_register=True)], KEEPER, now=now)
    return Rotated(key, checkpoints.rotate(conn, signing, now(), key, new), given_up)
