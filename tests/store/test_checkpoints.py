"""No checkpoint is signed that does not extend the last one, whoever asks and whatever happened."""

import base64
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from sqlalchemy import Engine, make_url, text

from registry.domain.errors import Invalid, Refused
from registry.record import clock, keeping
from registry.settings import Settings
from registry.store import checkpoints, log, notes
from registry.store.engine import reading, writing
from registry.store.notes import Key
from registry.store.serving_roles import grant
from registry.store.signing import Signing, from_file, key_history
from tests.conftest import Databases
from tests.store.given import BROKEN_OFF, opened, recorded_background, tell

# The example of https://c2sp.org/signed-note
EXAMPLE_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
EXAMPLE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def test_notes_are_signed_as_the_standard_has_it() -> None:
    name, key_id, said = EXAMPLE_KEY.split("+", 2)
    key = Key(name, base64.b64decode(said)[1:])
    assert key.id.hex() == key_id
    assert key.text == EXAMPLE_KEY
    assert key.signed(EXAMPLE)
    assert not key.signed(EXAMPLE.replace("cryptography", "Cryptography"))


def rows(engine: Engine, table: str) -> int:
    with reading(engine) as conn:
        return int(conn.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def test_of_many_who_ask_at_once_all_get_the_one_checkpoint(engine: Engine) -> None:
    recorded_background(engine)
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(checkpoints.current, engine, Signing(), clock()) for _ in range(24)]
        assert len({each.result() for each in asked}) == 1
    assert (rows(engine, "checkpoint"), rows(engine, "log_key")) == (1, 1)


def test_a_log_that_was_signed_otherwise_is_not_signed_again(engine: Engine) -> None:
    recorded_background(engine)
    checkpoints.current(engine, Signing(), clock())
    with writing(engine) as conn:
        forged = notes.signed("x", 3, b"f" * 32, [])
        conn.execute(
            text("UPDATE checkpoint SET root = :root, note = :note, size = 3"),
            {"root": b"f" * 32, "note": forged + "— x AAAAAAAA\n"},
        )
    with pytest.raises(Refused, match="first 3 events are not those that were signed"):
        checkpoints.current(engine, Signing(), clock())
    assert rows(engine, "checkpoint") == 1


def test_a_store_restored_from_an_older_backup_signs_nothing_until_told_to(
    databases: Databases, tmp_path: Path
) -> None:
    signing = Signing(beside=tmp_path / "last")
    with databases.fresh("sqlite") as url, opened(url) as engine:
        recorded_background(engine)
        old = checkpoints.current(engine, signing, clock())
        with engine.connect() as conn:
            conn.exec_driver_sql("COMMIT")
            conn.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            conn.exec_driver_sql("BEGIN")
        shutil.copyfile(url.removeprefix("sqlite:///"), tmp_path / "backup.db")
        # When something is recorded and signed, and then the backup is put back
        tell(engine, BROKEN_OFF)
        lost = checkpoints.current(engine, signing, clock())
    with opened(f"sqlite:///{tmp_path / 'backup.db'}") as engine:
        for _ in range(2):
            with pytest.raises(Refused, match=f"of {lost.size} events was signed"):
                checkpoints.current(engine, signing, clock())
        assert f"of {lost.size} events" in str(checkpoints.objection(engine, signing))
        # Recording goes on, but another history of the same size is not signed either
        tell(engine, {**BROKEN_OFF, "occurred": "2008-09-12"})
        with pytest.raises(Refused, match=f"first {lost.size} events are not"):
            checkpoints.current(engine, signing, clock())
        with pytest.raises(Refused):
            keeping.rotate_key(engine, signing, "no reason", clock, give_up=False)
        # Only the keeper's word settles it, and the log says so
        done = keeping.rotate_key(engine, signing, "a disk was lost", clock, give_up=True)
        assert [each.size for each in done.given_up] == [lost.size]
        assert checkpoints.current(engine, signing, clock()).size == lost.size + 1
        assert checkpoints.objection(engine, signing) is None
        with reading(engine) as conn:
            (last,) = log.after(conn, lost.size, 9)
            assert last.type == "log.key_rotated"
            assert "a disk was lost" in str(last.data)
            assert [each.size for each in checkpoints.kept(conn)] == [old.size, lost.size + 1]


def test_keys_change_by_an_event_and_the_old_one_vouches_for_the_new(engine: Engine) -> None:
    recorded_background(engine)
    before = checkpoints.current(engine, Signing(), clock())
    done = keeping.rotate_key(engine, Signing(), "once a year", clock, give_up=False)
    with reading(engine) as conn:
        old, new = key_history(conn)
        (rotation,) = log.after(conn, before.size, 9)
        assert new.text in str(rotation.data)
    assert old.signed(before.note)
    assert not new.signed(before.note)
    first = checkpoints.current(engine, Signing(), clock())
    assert first == done.checkpoint
    assert first.size == rotation.position
    assert old.signed(first.note)
    assert new.signed(first.note)
    tell(engine, BROKEN_OFF)
    later = checkpoints.current(engine, Signing(), clock())
    assert new.signed(later.note)
    assert not old.signed(later.note)


def key_file(path: Path) -> Path:
    made = Ed25519PrivateKey.generate()
    path.write_bytes(made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return path


def test_a_key_of_ones_own_stays_in_its_file(engine: Engine, tmp_path: Path) -> None:
    recorded_background(engine)
    signing = Signing("register.example/log", key_file(tmp_path / "key.pem"))
    signed = checkpoints.current(engine, signing, clock())
    assert signed.origin == "register.example/log"
    with reading(engine) as conn:
        kept = conn.execute(text("SELECT count(*) FROM secret WHERE name = 'log_key'"))
        assert kept.scalar_one() == 0
    # Another key, or another name, only signs once the log says so
    tell(engine, BROKEN_OFF)
    for other in (
        Signing("register.example/log", key_file(tmp_path / "other.pem")),
        Signing("elsewhere.example/log", signing.key_file),
    ):
        with pytest.raises(Refused, match="rotate-key"):
            checkpoints.current(engine, other, clock())
    with pytest.raises(Invalid, match="holds the key in use"):
        keeping.rotate_key(engine, signing, "by mistake", clock, give_up=False)
    moved = Signing("elsewhere.example/log", tmp_path / "other.pem")
    keeping.rotate_key(engine, moved, "we moved", clock, give_up=False)
    assert checkpoints.current(engine, moved, clock()).origin == "elsewhere.example/log"


@pytest.mark.parametrize(
    "said", ["", "-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----\n"]
)
def test_a_file_that_holds_no_key_is_named(tmp_path: Path, said: str) -> None:
    (tmp_path / "key.pem").write_text(said)
    for name in ("key.pem", "missing.pem"):
        with pytest.raises(Invalid, match=name) as wrong:
            from_file(tmp_path / name)
        assert wrong.value.field == "REGISTRY_SIGNING_KEY"


def test_what_only_reads_serves_the_last_checkpoint(databases: Databases) -> None:
    with databases.fresh("sqlite") as url, opened(url) as engine:
        recorded_background(engine)
        signed = checkpoints.current(engine, Signing(), clock())
        tell(engine, BROKEN_OFF)
        with opened(f"sqlite:///file:{engine.url.database}?mode=ro&uri=true") as read_only:
            assert checkpoints.current(read_only, Signing(), clock()) == signed
        assert checkpoints.current(engine, Signing(), clock()).size == signed.size + 1


def test_the_serving_role_signs(databases: Databases) -> None:
    with databases.fresh("postgresql") as url, opened(url) as engine:
        recorded_background(engine)
        plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as conn:
            conn.execute("CREATE ROLE registry_signs")
            grant(url, "registry_signs")
        try:
            with writing(engine) as conn_:
                conn_.execute(text("SET LOCAL ROLE registry_signs"))
                assert checkpoints.sign(conn_, Signing(), clock()).size > 0
        finally:
            with psycopg.connect(plain, autocommit=True) as conn:
                conn.execute("DROP OWNED BY registry_signs")
                conn.execute("DROP ROLE registry_signs")


def test_settings_say_where_the_last_checkpoint_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "registry.db"
    environ = {"REGISTRY_DATABASE_URL": f"sqlite:///{file}"}
    assert Settings.from_environ(environ).signing == Signing(
        beside=tmp_path / "registry.db.checkpoint"
    )
    chosen = {"REGISTRY_CHECKPOINT_FILE": "/elsewhere/last", "REGISTRY_ORIGIN": "a.example/log"}
    assert Settings.from_environ({**environ, **chosen}).signing == Signing(
        "a.example/log", None, Path("/elsewhere/last")
    )
    with pytest.raises(Invalid, match="REGISTRY_ORIGIN"):
        Settings.from_environ({**environ, "REGISTRY_ORIGIN": "two words"})
