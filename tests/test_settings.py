"""What the environment may say, and how a wrong value is refused."""

from pathlib import Path

import pytest

from registry.domain.errors import Invalid
from registry.settings import Settings


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_with_nothing_said_the_data_lies_under_var_and_only_this_machine_is_served(
    tmp_path: Path,
) -> None:
    settings = Settings.from_environ({})
    assert settings.database_url == f"sqlite:///{tmp_path}/var/registry.db"
    assert (tmp_path / "var").is_dir()
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.max_body_bytes == 10_000_000


def test_an_empty_variable_says_nothing(tmp_path: Path) -> None:
    empty = dict.fromkeys(
        ("REGISTRY_DATABASE_URL", "REGISTRY_HOST", "PORT", "REGISTRY_WORKERS"), ""
    )
    assert Settings.from_environ(empty) == Settings.from_environ({})


def test_copies_to_read_are_named_beside_a_store_on_postgresql() -> None:
    said = {
        "REGISTRY_DATABASE_URL": "postgresql://u:p@one/r",
        "REGISTRY_READ_DATABASE_URLS": "postgres://u:p@two/r, postgresql://u:p@three/r",
    }
    settings = Settings.from_environ(said)
    assert settings.read_database_urls == (
        "postgresql+psycopg://u:p@two/r",
        "postgresql+psycopg://u:p@three/r",
    )
    for wrong in ({"REGISTRY_DATABASE_URL": "sqlite:///r.db"}, {"REGISTRY_DATABASE_URL": ""}):
        with pytest.raises(Invalid) as refused:
            Settings.from_environ(said | wrong)
        assert refused.value.field == "REGISTRY_READ_DATABASE_URLS"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_usual_postgresql_url_names_the_driver_we_have(scheme: str, tmp_path: Path) -> None:
    settings = Settings.from_environ({"REGISTRY_DATABASE_URL": f"{scheme}://u:p@db:5432/r?a=b"})
    assert settings.database_url == "postgresql+psycopg://u:p@db:5432/r?a=b"
    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("PORT", "8_000"),
        ("PORT", "٨٠٠٠"),
        ("PORT", "9" * 5_000),
        ("REGISTRY_WORKERS", "many"),
        ("REGISTRY_LOG_FORMAT", "xml"),
        ("REGISTRY_WORKERS", "0"),
        ("REGISTRY_MAX_BODY_BYTES", "10 MB"),
        ("REGISTRY_WEBHOOK_REACH", "everywhere"),
        ("REGISTRY_WEBHOOK_SECONDS", "0"),
        ("REGISTRY_WEBHOOK_TRIES", "0"),
        ("REGISTRY_LOCK_TIMEOUT_SECONDS", "0"),
        ("REGISTRY_LOCK_TIMEOUT_SECONDS", "nan"),
        ("REGISTRY_LOCK_TIMEOUT_SECONDS", "soon"),
        ("REGISTRY_DATABASE_URL", "mysql://u:secret@db/r"),
        ("REGISTRY_DATABASE_URL", "/var/secret.db"),
    ],
)
def test_a_wrong_value_is_refused_with_the_name_of_its_variable(variable: str, value: str) -> None:
    with pytest.raises(Invalid) as refused:
        Settings.from_environ({variable: value})
    assert refused.value.field == variable
    assert variable in str(refused.value)
    assert "secret" not in str(refused.value)


def test_a_printed_settings_object_keeps_the_password(tmp_path: Path) -> None:
    settings = Settings.from_environ({"REGISTRY_DATABASE_URL": "postgresql://u:secret@db/r"})
    assert "secret" not in repr(settings)


def test_without_a_place_to_write_the_variable_that_helps_is_named(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file in the way")
    with pytest.raises(Invalid, match="set REGISTRY_DATABASE_URL"):
        Settings.from_environ({})
