"""What the service and the shell prove is checked offline, by a program that knows no registry."""

import base64
import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson
import pytest

from registry.cli import main
from registry.store import notes
from tests.api.desk import SEVERED, Desk, assert_problem
from tests.api.test_pinned import PROOFS

LOG = "/api/v1/log"


@pytest.fixture
def at(tmp_path: Path, library: Desk) -> Path:
    """A folder with the verifier as it is downloaded, and the key."""
    (tmp_path / "verify_proof.py").write_bytes(library.get(f"{LOG}/verify_proof.py").data)
    (tmp_path / "key").write_text(library.get(f"{LOG}/keys").text.split()[-1])
    return tmp_path


def checked(at: Path, proof: Any, *more: str) -> subprocess.CompletedProcess[str]:
    """Without the registry to import, without its environment."""
    file = at / "proof.json"
    file.write_bytes(orjson.dumps(proof))
    command = [sys.executable, "-I", "-W", "error", "verify_proof.py", "proof.json", "--key", "key"]
    return subprocess.run(
        [*command, *more], cwd=at, capture_output=True, text=True, env={}, check=False
    )


def test_any_event_is_proven_offline(library: Desk, at: Path) -> None:
    head = library.position()
    for position in (1, head // 3, head):
        proof = library.get(f"{LOG}/events/{position}/proof").json
        found = checked(at, proof)
        assert found.returncode == 0, found.stderr
        assert proof["envelope"]["event_id"] in found.stdout
        assert proof["payload"]["data"] in found.stdout


DAMAGES: dict[str, tuple[Any, str]] = {
    "the content": (
        lambda p: p["payload"].update(data=p["payload"]["data"].replace("o", "0", 1)),
        "content is not what was recorded",
    ),
    "who recorded it": (lambda p: p["envelope"].update(recorded_by="x"), "envelope of event"),
    "its place": (lambda p: p["envelope"].update(position=7), "envelope of event"),
    "the leaf": (lambda p: p.update(leaf_hash="0" * 64), "envelope of event"),
    "the path": (lambda p: p["path"].reverse(), "path does not lead"),
    "a path cut short": (lambda p: p["path"].pop(), "path does not lead"),
    "the size that is signed": (
        lambda p: p.update(checkpoint=_with_line(p["checkpoint"], 1, "99999")),
        "signature of the checkpoint is wrong",
    ),
    "the root that is signed": (
        lambda p: p.update(
            checkpoint=_with_line(p["checkpoint"], 2, base64.b64encode(b"x" * 32).decode())
        ),
        "signature of the checkpoint is wrong",
    ),
    "who signed": (
        lambda p: p.update(checkpoint=p["checkpoint"].rpartition("\n\n")[0] + "\n\n"),
        "no signed note",
    ),
    "all of it": (lambda p: p.clear(), "this is no proof"),
}


def _with_line(note: str, number: int, said: str) -> str:
    lines = note.split("\n")
    lines[number] = said
    return "\n".join(lines)


@pytest.mark.parametrize("what", sorted(DAMAGES))
def test_a_proof_that_was_changed_is_refused(library: Desk, at: Path, what: str) -> None:
    damage, why = DAMAGES[what]
    proof = library.get(f"{LOG}/events/5/proof").json
    damage(proof)
    found = checked(at, proof)
    assert found.returncode == 1
    assert found.stdout == ""
    assert found.stderr.startswith("NOT PROVEN: ")
    assert why in found.stderr
    assert found.stderr.count("\n") == 1


def test_another_key_proves_nothing(library: Desk, at: Path) -> None:
    name = notes.read(library.get(f"{LOG}/checkpoint").text).origin
    (at / "key").write_text(notes.Key(name, b"k" * 32).text)
    found = checked(at, library.get(f"{LOG}/events/5/proof").json)
    assert found.returncode == 1
    assert "not signed by the key that you trust" in found.stderr


def test_a_later_checkpoint_extends_what_was_proven_before(embedded: Desk, at: Path) -> None:
    (at / "key").write_text(embedded.get(f"{LOG}/keys").text)
    earlier = embedded.get(f"{LOG}/events/5/proof").json
    embedded.told(SEVERED)
    later = embedded.get(f"{LOG}/checkpoint")
    sizes = f"from={earlier['size']}&to={earlier['size'] + 1}"
    growth = embedded.get(f"{LOG}/consistency?{sizes}")
    assert "immutable" in growth.headers["Cache-Control"]
    (at / "later").write_bytes(later.data)
    (at / "growth").write_bytes(growth.data)
    more = ("--checkpoint", "later", "--consistency", "growth")
    found = checked(at, earlier, *more)
    assert found.returncode == 0, found.stderr
    assert f"begins with that of {earlier['size']}" in found.stdout
    said = growth.json
    said["path"][0] = "0" * 64
    (at / "growth").write_bytes(orjson.dumps(said))
    found = checked(at, earlier, *more)
    assert found.returncode == 1
    assert "does not begin with" in found.stderr


def test_a_checkpoint_is_signed_once_for_each_head(embedded: Desk) -> None:
    first = embedded.get(f"{LOG}/checkpoint")
    assert first.mimetype == "text/plain"
    origin, size, root = first.text.split("\n")[:3]
    assert int(size) == embedded.position()
    assert len(base64.b64decode(root)) == 32
    assert embedded.get(f"{LOG}/checkpoint").text == first.text
    assert embedded.get(f"{LOG}/checkpoint", If_None_Match=first.headers["ETag"]).status_code == 304
    embedded.told(SEVERED)
    second = notes.read(embedded.get(f"{LOG}/checkpoint").text)
    assert (second.origin, second.size) == (origin, int(size) + 1)


def test_tiles_are_those_of_the_tree(library: Desk) -> None:
    head = library.position()
    assert head > 256, "the seeds fill a tile"
    whole = library.get(f"{LOG}/tile/0/000")
    assert (whole.status_code, len(whole.data)) == (200, 256 * 32)
    assert "immutable" in whole.headers["Cache-Control"]
    part = library.get(f"{LOG}/tile/0/000.p/3")
    assert part.data == whole.data[: 3 * 32]
    assert len(library.get(f"{LOG}/tile/1/000.p/1").data) == 32
    last, rest = divmod(head, 256)
    assert len(library.get(f"{LOG}/tile/0/{last:03}.p/{rest}").data) == rest * 32
    for wrong in (
        *(f"0/{last:03}", f"0/{last:03}.p/{rest + 1}", "0/x001/000", "9/000", "1/000"),
        *("0/0", "0/000.p/0", "0/000.p/256", "0/000.p/", "x/000", "0/x000", "-1/000", "0/1000"),
    ):
        assert_problem(library.get(f"{LOG}/tile/{wrong}"), 404)


def entries(bundle: bytes) -> list[bytes]:
    """As C2SP tlog-tiles has them: two bytes of length, the higher one first, then the entry."""
    found: list[bytes] = []
    while bundle:
        end = 2 + int.from_bytes(bundle[:2], "big")
        found.append(bundle[2:end])
        assert len(found[-1]) == end - 2
        bundle = bundle[end:]
    return found


def root_of(leaves: Sequence[bytes]) -> bytes:
    """RFC 9162 2.1.1, as it is written there."""
    if len(leaves) == 1:
        return hashlib.sha256(b"\0" + leaves[0]).digest()
    middle = 1 << (len(leaves) - 1).bit_length() - 1
    one, other = root_of(leaves[:middle]), root_of(leaves[middle:])
    return hashlib.sha256(b"\1" + one + other).digest()


def test_the_root_follows_from_the_entries_alone(desk: Desk) -> None:
    """On both engines, with nothing but what is served and hashlib."""
    size, root = desk.get(f"{LOG}/checkpoint").text.split("\n")[1:3]
    whole, rest = divmod(int(size), 256)
    assert whole, "the seeds fill a tile"
    found: list[bytes] = []
    for path in (*(f"{place:03}" for place in range(whole)), f"{whole:03}.p/{rest}"):
        bundle = desk.get(f"{LOG}/tile/entries/{path}")
        assert (bundle.status_code, bundle.mimetype) == (200, "application/octet-stream")
        assert "immutable" in bundle.headers["Cache-Control"]
        found += entries(bundle.data)
        assert len(found) % 256 == (rest if ".p/" in path else 0)
    assert base64.b64encode(root_of(found)).decode() == root
    assert [orjson.loads(each)["position"] for each in found] == list(range(1, int(size) + 1))
    tile = desk.get(f"{LOG}/tile/0/000").data
    assert hashlib.sha256(b"\0" + found[7]).digest() == tile[7 * 32 : 8 * 32]
    proof = desk.get(f"{LOG}/events/8/proof").json
    assert orjson.loads(found[7]) == proof["envelope"]


def test_there_are_no_entries_where_there_is_no_tile(library: Desk) -> None:
    last, rest = divmod(library.position(), 256)
    for wrong in (
        *(f"{last:03}", f"{last:03}.p/{rest + 1}", "x001/000", "0", "000.p/0", "000.p/256"),
        *("000.p/", "x000", "-1", "x"),
    ):
        assert_problem(library.get(f"{LOG}/tile/entries/{wrong}"), 404)


@pytest.mark.parametrize("position", ["0", "999999", "-1", "x", "01", "9" * 30])
def test_what_is_not_in_the_log_has_no_proof(library: Desk, position: str) -> None:
    assert_problem(library.get(f"{LOG}/events/{position}/proof"), 404)


def test_growth_is_asked_from_a_smaller_to_a_larger_log_that_is_there(library: Desk) -> None:
    assert_problem(library.get(f"{LOG}/consistency?from=9&to=3"), 422, "from")
    assert_problem(library.get(f"{LOG}/consistency?from=9"), 422, "to")
    assert_problem(library.get(f"{LOG}/consistency?from=1&to=999999"), 404)


def test_the_shell_proves_the_same(embedded: Desk, at: Path) -> None:
    (at / "key").write_text(embedded.get(f"{LOG}/keys").text)
    event_id = embedded.first("after=4")["event_id"]
    url = embedded.engine.url.render_as_string(hide_password=False)
    environ = {**os.environ, "REGISTRY_DATABASE_URL": url}
    printed = subprocess.run(
        [sys.executable, "-m", "registry", "prove", event_id],
        capture_output=True,
        env=environ,
        check=True,
    )
    assert orjson.loads(printed.stdout) == embedded.get(f"{LOG}/events/5/proof").json
    assert checked(at, orjson.loads(printed.stdout)).returncode == 0


def test_every_command_that_the_page_on_proofs_names_is_one() -> None:
    page = (Path(__file__).parents[2] / "docs" / "proofs.md").read_text("utf-8")
    named = set(re.findall(r"(?:`|\$ |or: )registry ([a-z-]+)", page))
    assert {"prove", "verify", "erase", "rotate-key"} <= named <= set(main.commands)
    for path in re.findall(r"/api/v1(/log/[a-z_.]+)", page):
        assert any(rule.startswith(path) for rule in PROOFS), path
