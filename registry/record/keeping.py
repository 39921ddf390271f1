"""What only the keeper records: another signing key."""

from dataclasses import dataclass

from sqlalchemy import Engine

from registry.domain.events.register import KeyRotated
from registry.record import Clock, Submission, record
from registry.store import checkpoints
from registry.store.engine import writing
from registry.store.notes import Checkpoint, Key
from registry.store.signing import Signing, named, next_key

KEEPER = "the keeper"
"""Who stands beside what is recorded so: whoever has the shell of the register."""


@dataclass(frozen=True)
class Rotated:
    key: Key
    checkpoint: Checkpoint
    given_up: list[Checkpoint]


def rotate_key(
    engine: Engine, signing: Signing, reason: str, now: Clock, *, give_up: bool
) -> Rotated:
    """Change keys, and record it, in one transaction. Refused where the log does not extend what
    was signed before, unless those checkpoints are given up.
    """
    with writing(engine) as conn:
        given_up = checkpoints.give_up(conn, signing, now()) if give_up else []
        if not give_up:
            checkpoints.refuse_unless_extended(conn, signing)
        new = next_key(conn, signing)
        key = named(conn, signing, new)
        event = KeyRotated(key=key.text, reason=reason)
        record(conn, [Submission(event, by_register=True)], KEEPER, now=now)
        made = checkpoints.rotate(conn, signing, now(), key, new)
    checkpoints.keep_beside(signing, made)
    return Rotated(key, made, given_up)
