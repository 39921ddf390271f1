"""/log: the log as a tree of hashes, so that nobody has to trust who keeps it."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from importlib import resources
from typing import Any, Final

import orjson
from flask import Flask, Response, current_app, request
from flask_smorest import Blueprint

from registry.api import documenting
from registry.api.parameters import NoParameters, Whole, asked
from registry.api.wording import ref
from registry.domain.errors import NotFound
from registry.queries import proof
from registry.record import clock
from registry.store import checkpoints
from registry.store.engine import reading
from registry.store.notes import Checkpoint
from registry.store.signing import Signing, key_history
from registry.web.answering import JSON
from registry.web.opening import engine, reader

blueprint = Blueprint(
    "log", __name__, description="Proofs that the log holds an event, and that it only grew."
)
SIGNING: Final = "registry-signing"
TEXT: Final = "text/plain"
BYTES: Final = "application/octet-stream"
_MOST: Final = 2**53 - 1
_LEVELS: Final = 6
_FOR_EVER: Final = "public, max-age=604800, immutable"


def plug(app: Flask, signing: Signing) -> None:
    """The application signs checkpoints so."""
    app.extensions[SIGNING] = signing


def checkpoint() -> Response:
    """Read the signed checkpoint of the log: its origin, its size and its root hash."""
    return _as(_current().note.encode(), TEXT, "no-cache")


def event_proof(position: str) -> Response:
    """Read an event as it was hashed, with the path that leads from it to a signed checkpoint."""
    number = _number(position, "position of the log")
    signed = _current()
    with reading(reader()) as conn:
        return _as(orjson.dumps(proof.of_event(conn, number, signed)), JSON, "no-cache")


def consistency() -> Response:
    """Read what shows that an older log is the beginning of a newer one."""
    said = asked(Grown)
    with reading(reader()) as conn:
        found = proof.of_growth(conn, said["from"], said["to"])
    return _as(orjson.dumps(found), JSON, _FOR_EVER)


def tile(level: str, number: str) -> Response:
    """Read a tile of the tree, as C2SP tlog-tiles names them: 256 hashes, or `.p/W` of them."""
    height = _number(level, "level of tiles")
    if height >= _LEVELS:
        raise NotFound(f"there is no level {height} of tiles")
    place, width = _place(number)
    with reading(reader()) as conn:
        return _as(proof.tile(conn, height, place, width), BYTES, _FOR_EVER)


def entries(number: str) -> Response:
    """Read what the leaves of a tile are hashed from: 256 envelopes, or `.p/W` of them.

    Each comes after its length in two bytes, the higher one first. They hold no content of an
    event, only its salted hash, and stay when the content is erased.
    """
    place, width = _place(number)
    with reading(reader()) as conn:
        return _as(proof.entries(conn, place, width), BYTES, _FOR_EVER)


def _place(number: str) -> tuple[int, int]:
    """The place of a tile, and how many of what it holds are asked for."""
    numbers, partial, part = number.partition(".p/")
    width = _number(part, "width of a tile") if partial else 256
    if not _PLACE.fullmatch(numbers) or not 0 < width <= 256 - bool(partial):
        raise NotFound(f"there is no tile {number[:60]}")
    return int(numbers.replace("x", "").replace("/", "")), width


_PLACE: Final = re.compile(r"(x[0-9]{3}/){0,4}[0-9]{3}")


def keys() -> Response:
    """List the public keys that checkpoints were signed by, the present one last."""
    _current()  # the first one is made when it is first needed
    with reading(reader()) as conn:
        found = key_history(conn)
    return _as("".join(f"{each.text}\n" for each in found).encode(), TEXT, "no-cache")


def verifier() -> Response:
    """Fetch the program that checks proofs offline: one file of Python, nothing of the registry."""
    return _as(_verifier(), "text/x-python", "no-cache")


@cache
def _verifier() -> bytes:
    return resources.files("registry.api").joinpath("verify_proof.py").read_bytes()


def _current() -> Checkpoint:
    signing: Signing = current_app.extensions[SIGNING]
    return checkpoints.current(engine(), signing, clock(), reader())


def _number(text: str, what: str) -> int:
    if not re.fullmatch(r"0|[1-9][0-9]{0,14}", text):
        raise NotFound(f"there is no {what} {text[:60]!r}")
    return int(text)


def _as(body: bytes, media_type: str, kept: str) -> Response:
    response = Response(body, mimetype=media_type, headers={"Cache-Control": kept})
    response.add_etag()
    response.make_conditional(request.environ)
    return response


_FROM_TO: Final[Mapping[str, Any]] = {
    "from": Whole("The size of the log that is known already.", 0, _MOST, required=True),
    "to": Whole("The size of the log that it grew to.", 0, _MOST, required=True),
}
Grown = type("Grown", (NoParameters,), dict(_FROM_TO))  # `from` is no name in Python


def _enter(
    rule: str,
    find: Callable[..., Response],
    content: Mapping[str, Any],
    *problems: int,
    query: type[NoParameters] = NoParameters,
) -> None:
    def respond(**path: str) -> Response:
        asked(query)
        return find(**path)

    answers = {
        200: {"description": "The answer.", "content": content},
        304: {"description": "The answer is the one that is at hand."},
        **documenting.problems_of(422, 503, *problems),
    }
    documenting.route(blueprint, rule, "GET", find, respond, query, answers)


_PLAIN: Final = {TEXT: {"schema": {"type": "string"}}}
_enter("/log/checkpoint", checkpoint, _PLAIN)
_enter("/log/keys", keys, _PLAIN)
_enter("/log/verify_proof.py", verifier, {"text/x-python": {"schema": {"type": "string"}}})
_enter("/log/events/<position>/proof", event_proof, {JSON: {"schema": ref("EventProof")}}, 404)
_enter("/log/consistency", consistency, {JSON: {"schema": ref("GrowthProof")}}, 404, query=Grown)
_enter("/log/tile/<level>/<path:number>", tile, {BYTES: {"schema": {"type": "string"}}}, 404)
_enter("/log/tile/entries/<path:number>", entries, {BYTES: {"schema": {"type": "string"}}}, 404)
