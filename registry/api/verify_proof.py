"""Check offline that a register's log holds an event. Needs Python 3.11 and `cryptography`.

Nothing of the register is needed, and nothing is believed but the public key that you give.
"""

import argparse
import base64
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


class NotProven(Exception):
    """The proof does not show what it should."""


def main() -> int:
    said = _arguments()
    try:
        keys = [_key(each) for text in said.key for each in _texts(text)]
        told = check_event(_json(said.proof), keys)
        print(*told, sep="\n")  # noqa: T201 - a program that tells
        if said.checkpoint:
            print(check_growth(_json(said.proof), said, keys))  # noqa: T201 - see above
    except NotProven as why:
        print(f"NOT PROVEN: {why}", file=sys.stderr)  # noqa: T201 - see above
        return 1
    except (KeyError, TypeError, ValueError, AttributeError, OSError) as error:
        print(f"NOT PROVEN: this is no proof: {error!r}", file=sys.stderr)  # noqa: T201
        return 1
    return 0


def check_event(proof: dict[str, Any], keys: list[tuple[str, bytes, bytes]]) -> list[str]:
    """Signature, envelope, content, path. What was proven, in words."""
    size, root, origin = check_note(proof["checkpoint"], keys)
    envelope = proof["envelope"]
    position = envelope["position"]
    # RFC 9162 2.1.1 over the envelope with sorted keys, compact, in UTF-8
    canonical = json.dumps(envelope, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    leaf = hashlib.sha256(b"\x00" + canonical.encode()).digest()
    if proof["leaf_hash"] != leaf.hex() or proof["leaf_index"] != position - 1:
        raise NotProven(f"the envelope of event {envelope['event_id']} is not what was hashed")
    if proof["position"] != position:
        raise NotProven("the proof and the envelope name two positions")
    if root_by_path(leaf, position - 1, size, _hashes(proof["path"])) != root:
        raise NotProven(f"the path does not lead to the root of the log of {size} events")
    payload = proof["payload"]
    content = "its content was erased: that it was recorded is proven, what it said is not"
    if payload is not None:
        salted = bytes.fromhex(payload["salt"]) + payload["data"].encode()
        if hashlib.sha256(salted).hexdigest() != envelope["payload_hash"]:
            raise NotProven("the content is not what was recorded")
        content = f"it said: {payload['data']}"
    where = f"at position {position} of the log {origin}, signed at {size} events"
    return [f"PROVEN: event {envelope['event_id']} ({envelope['type']}) is {where}", content]


def check_growth(proof: dict[str, Any], said: argparse.Namespace, keys: Any) -> str:
    """That one of two checkpoints, that of the proof and the one given, extends the other."""
    first = check_note(proof["checkpoint"], keys)
    second = check_note(said.checkpoint.read_text("utf-8"), keys)
    older, newer = sorted((first, second), key=lambda each: each[0])
    path: list[bytes] = []
    if said.consistency:
        growth = _json(said.consistency)
        if (growth["from"]["size"], growth["to"]["size"]) != (older[0], newer[0]):
            raise NotProven(f"the consistency proof is not from {older[0]} to {newer[0]} events")
        path = _hashes(growth["path"])
    elif older[0] != newer[0]:
        raise NotProven(f"--consistency is needed, from {older[0]} to {newer[0]} events")
    if not extends(older[:2], newer[:2], path):
        raise NotProven(f"the log of {newer[0]} events does not begin with that of {older[0]}")
    return f"PROVEN: the log of {newer[0]} events begins with that of {older[0]}"


def check_note(note: str, keys: list[tuple[str, bytes, bytes]]) -> tuple[int, bytes, str]:
    """(size, root, origin) of a C2SP checkpoint that one of the keys has signed."""
    text, blank, below = note.rpartition("\n\n")
    text += "\n"
    if not blank or not below.endswith("\n"):
        raise NotProven("the checkpoint is no signed note")
    origin, size, root, *_ = text.split("\n")
    for line in below[:-1].split("\n"):
        dash, name, signature = line.split(" ")
        raw = base64.b64decode(signature, validate=True)
        for key_name, key_id, public in keys:
            if (dash, name, raw[:4]) == ("\N{EM DASH}", key_name, key_id):
                try:
                    Ed25519PublicKey.from_public_bytes(public).verify(raw[4:], text.encode())
                except InvalidSignature:
                    raise NotProven("the signature of the checkpoint is wrong") from None
                return int(size), base64.b64decode(root, validate=True), origin
    raise NotProven("the checkpoint is not signed by the key that you trust")


def root_by_path(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes | None:
    """RFC 9162 2.1.3.2; None where the path is not as long as it has to be."""
    if not 0 <= index < size:
        return None
    place, last, made = index, size - 1, leaf
    for each in path:
        if last == 0:
            return None
        if place & 1 or place == last:
            made = _node(each, made)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            made = _node(made, each)
        place, last = place >> 1, last >> 1
    return made if last == 0 else None


def extends(older: tuple[int, bytes], newer: tuple[int, bytes], path: list[bytes]) -> bool:
    """RFC 9162 2.1.4.2: whether the newer log begins with the older one; each (size, root)."""
    if older[0] == newer[0]:
        return not path and older[1] == newer[1]
    if older[0] == 0:
        return not path
    if not path:
        return False
    if older[0] & (older[0] - 1) == 0:
        path = [older[1], *path]
    place, last = older[0] - 1, newer[0] - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    first = second = path[0]
    for each in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            first, second = _node(each, first), _node(each, second)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            second = _node(second, each)
        place, last = place >> 1, last >> 1
    return last == 0 and first == older[1] and second == newer[1]


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _key(text: str) -> tuple[str, bytes, bytes]:
    """(name, id, public key) of a verifier key as C2SP signed-note writes it."""
    name, key_id, said = text.split("+", 2)
    raw = base64.b64decode(said, validate=True)
    made = hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4]
    if raw[:1] != b"\x01" or len(raw) != 33 or made.hex() != key_id:
        raise NotProven(f"not an Ed25519 key of a log: {text[:80]}")
    return name, made, raw[1:]


def _texts(said: str) -> list[str]:
    """The keys in a file, one a line, or the key itself."""
    path = Path(said)
    return path.read_text("utf-8").split() if "+" not in said else [said]


def _hashes(texts: list[str]) -> list[bytes]:
    return [bytes.fromhex(each) for each in texts]


def _json(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("proof", type=Path, help="what `registry prove` or .../proof gave")
    parser.add_argument(
        "--key", action="append", required=True, help="a key that you trust, or a file of keys"
    )
    parser.add_argument("--checkpoint", type=Path, help="another checkpoint of the log")
    parser.add_argument("--consistency", type=Path, help="what /log/consistency gave for the two")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
