"""What the environment says about how to run: one frozen object, seen only by the shell and the app."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, cast

from registry.domain.errors import Invalid
from registry.domain.reviewing import Review

if TYPE_CHECKING:
    from registry.store.signing import Signing
    from registry.webhooks.addresses import Reach


@dataclass(frozen=True)
class Settings:
    """Everything that may differ between two installations; `from_environ` names the variable of each."""

    database_url: str = field(repr=False)
    """SQLAlchemy URL of the store; it may hold a password, so it is never printed."""
    read_database_urls: tuple[str, ...] = field(default=(), repr=False)
    """Copies of the store that PostgreSQL keeps by streaming; what may be read there is."""
    replica_lag_seconds: float = 5.0
    """A copy that lacks what the store had so long ago is left out until it has caught up."""
    replica_wait_seconds: float = 0.25
    """How long a copy is waited for that has not reached `Registry-Min-Position`."""
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2
    followers: int = 4
    """So many may wait at a time, in each worker, for what is recorded next; each has a thread."""
    heartbeat_seconds: float = 15.0
    """A stream of events that has nothing to tell says so often that it is alive."""
    header_seconds: int = 10
    """A client that takes longer to send the head of a request is let go."""
    read_seconds: float = 30.0
    """A question that the database has not begun to answer by then is given up."""
    max_body_bytes: int = 10_000_000
    """Requests with a longer body are refused."""
    lock_timeout_seconds: float = 10.0
    """How long a write waits for the head of the log before it asks to try again."""
    idle_minutes: int = 60
    """A visit of a signed-in person ends after so long without a step."""
    visit_hours: int = 12
    """And after so long in any case."""
    metrics: str = "here"
    """Who may read /metrics: who asks from this machine (here), everybody who reaches it, nobody."""
    trusted_proxies: int = 0
    """How many proxies in front say truly who asks, and by which scheme (X-Forwarded-*)."""
    log_format: str = "text"
    """How a line of the log is written: `text` (key=value) or `json`."""
    traces: str = "none"
    """Where spans of requests go: `none`, or `otlp` (to OTEL_EXPORTER_OTLP_ENDPOINT)."""
    review: Review = field(default_factory=Review)
    """Whose events, and of which families, a second person must approve."""
    oidc_issuer: str = ""
    """The OpenID Connect provider that people may sign in with; none where it is empty."""
    oidc_client_id: str = ""
    oidc_client_secret: str = field(default="", repr=False)
    oidc_role: str = "reader"
    """What somebody new may do who comes from there."""
    origin: str = ""
    """The name under which checkpoints of the log are signed; one is made up where it is empty."""
    signing_key: str = ""
    """A PEM file with the Ed25519 key that signs them; where it is empty the register makes one."""
    checkpoint_file: str = ""
    """Where the last checkpoint is kept outside of the database; beside it on SQLite if left out."""
    webhook_reach: "Reach" = "public"
    """How far inside webhooks may lead: only the public web, also this machine, also private networks."""
    webhook_seconds: float = 15.0
    """A receiver that has not answered by then is tried again later."""
    webhook_tries: int = 16
    """An event that a receiver refused so often is put aside."""

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Read and check; `Invalid` names the variable. Without a database URL, `./var` is made to hold one."""
        url = environ.get("REGISTRY_DATABASE_URL", "").strip()
        return cls(
            database_url=_database_url(url) if url else _embedded_database_url(),
            read_database_urls=_read_database_urls(environ, url),
            replica_lag_seconds=_seconds(
                environ, "REGISTRY_REPLICA_LAG_SECONDS", cls.replica_lag_seconds
            ),
            replica_wait_seconds=_seconds(
                environ, "REGISTRY_REPLICA_WAIT_SECONDS", cls.replica_wait_seconds
            ),
            host=environ.get("REGISTRY_HOST", "").strip() or cls.host,
            port=_whole_number(environ, "PORT", cls.port, 1, 65_535),
            workers=_whole_number(environ, "REGISTRY_WORKERS", cls.workers, 1, 256),
            followers=_whole_number(environ, "REGISTRY_FOLLOWERS", cls.followers, 0, 1_000),
            heartbeat_seconds=_seconds(
                environ, "REGISTRY_HEARTBEAT_SECONDS", cls.heartbeat_seconds
            ),
            header_seconds=_whole_number(
                environ, "REGISTRY_HEADER_SECONDS", cls.header_seconds, 1, 600
            ),
            read_seconds=_seconds(environ, "REGISTRY_READ_SECONDS", cls.read_seconds),
            max_body_bytes=_whole_number(
                environ, "REGISTRY_MAX_BODY_BYTES", cls.max_body_bytes, 1, 1_000_000_000
            ),
            lock_timeout_seconds=_seconds(
                environ, "REGISTRY_LOCK_TIMEOUT_SECONDS", cls.lock_timeout_seconds
            ),
            idle_minutes=_whole_number(
                environ, "REGISTRY_IDLE_MINUTES", cls.idle_minutes, 1, 10_080
            ),
            visit_hours=_whole_number(environ, "REGISTRY_VISIT_HOURS", cls.visit_hours, 1, 720),
            metrics=_one_of(
                environ, "REGISTRY_METRICS", cls.metrics, "here", "everybody", "nobody"
            ),
            trusted_proxies=_whole_number(
                environ, "REGISTRY_TRUSTED_PROXIES", cls.trusted_proxies, 0, 10
            ),
            log_format=_one_of(environ, "REGISTRY_LOG_FORMAT", cls.log_format, "text", "json"),
            traces=_one_of(environ, "REGISTRY_TRACES", cls.traces, "none", "otlp"),
            review=Review.read(environ.get("REGISTRY_REVIEW", "").strip()),
            **_oidc(environ),
            origin=_origin(environ),
            signing_key=environ.get("REGISTRY_SIGNING_KEY", "").strip(),
            checkpoint_file=environ.get("REGISTRY_CHECKPOINT_FILE", "").strip(),
            webhook_reach=cast(
                "Reach",
                _one_of(
                    *(environ, "REGISTRY_WEBHOOK_REACH", cls.webhook_reach),
                    *("public", "loopback", "private"),
                ),
            ),
            webhook_seconds=_seconds(environ, "REGISTRY_WEBHOOK_SECONDS", cls.webhook_seconds),
            webhook_tries=_whole_number(
                environ, "REGISTRY_WEBHOOK_TRIES", cls.webhook_tries, 1, 100
            ),
        )

    @property
    def signing(self) -> "Signing":
        """By which name and key checkpoints are signed, and where the last one is kept."""
        from sqlalchemy import make_url  # noqa: PLC0415  # keeps --help quick

        from registry.store.signing import Signing  # noqa: PLC0415  # see above

        beside = self.checkpoint_file
        url = make_url(self.database_url)
        if not beside and url.get_backend_name() == "sqlite" and url.database:
            beside = "" if url.database == ":memory:" else f"{url.database}.checkpoint"
        return Signing(
            self.origin,
            Path(self.signing_key) if self.signing_key else None,
            Path(beside) if beside else None,
        )


def seeds_dir() -> Path:
    """Where the seed files are: inside an installed wheel, or at the root of a checkout."""
    package = Path(__file__).resolve().parent
    for candidate in (package / "_seeds", package.parent / "seeds"):
        if candidate.is_dir():
            return candidate
    raise Invalid(f"this installation holds no seeds/ folder: neither in {package} nor beside it")


def _read_database_urls(environ: Mapping[str, str], of: str) -> tuple[str, ...]:
    variable = "REGISTRY_READ_DATABASE_URLS"
    said = [each.strip() for each in environ.get(variable, "").split(",") if each.strip()]
    made = tuple(_database_url(each, variable) for each in said)
    if said and not all(each.startswith("postgres") for each in (of, *made)):
        raise Invalid(
            f"{variable} is for PostgreSQL, and so must REGISTRY_DATABASE_URL be", variable
        )
    return made


def _database_url(url: str, variable: str = "REGISTRY_DATABASE_URL") -> str:
    scheme, colon, rest = url.partition("://")
    if colon and scheme in {"postgres", "postgresql", "postgresql+psycopg"}:
        return f"postgresql+psycopg://{rest}"
    if colon and scheme in {"sqlite", "sqlite+pysqlite"}:
        return f"sqlite://{rest}"
    # The rest of the URL may hold a password: only its scheme is repeated.
    given = repr(scheme) if colon else "no scheme"
    raise Invalid(
        f"{variable} must begin with sqlite:// or postgresql://, not {given}", field=variable
    )


def _embedded_database_url() -> str:
    folder = Path.cwd() / "var"
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise Invalid(
            f"cannot make {folder} for the database ({error.strerror}): set REGISTRY_DATABASE_URL",
            field="REGISTRY_DATABASE_URL",
        ) from error
    return f"sqlite:///{folder / 'registry.db'}"


def _whole_number(
    environ: Mapping[str, str], variable: str, default: int, lowest: int, highest: int
) -> int:
    text = environ.get(variable, "").strip()
    if not text:
        return default
    # int() would also take "1_000", "+5" and digits of other scripts.
    number = (
        int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(highest)) else 0
    )
    if not lowest <= number <= highest:
        raise Invalid(
            f"{variable} must be a whole number from {lowest} to {highest}, not {text!r}",
            field=variable,
        )
    return number


def _one_of(environ: Mapping[str, str], variable: str, default: str, *words: str) -> str:
    said = environ.get(variable, "").strip() or default
    if said not in words:
        choices = f"{', '.join(words[:-1])} or {words[-1]}"
        raise Invalid(f"{variable} must be {choices}, not {said!r}", variable)
    return said


def _oidc(environ: Mapping[str, str]) -> dict[str, str]:
    names = ("oidc_issuer", "oidc_client_id", "oidc_client_secret")
    said = {name: environ.get(f"REGISTRY_{name.upper()}", "").strip() for name in names}
    if not any(said.values()):
        return {}
    for name, value in said.items():
        if not value:
            raise Invalid(
                f"REGISTRY_{name.upper()} must be set too", field=f"REGISTRY_{name.upper()}"
            )
    role = environ.get("REGISTRY_OIDC_ROLE", "").strip() or "reader"
    if role not in ("reader", "recorder"):
        raise Invalid(
            f"REGISTRY_OIDC_ROLE must be reader or recorder, not {role!r}", "REGISTRY_OIDC_ROLE"
        )
    return {**said, "oidc_issuer": said["oidc_issuer"].rstrip("/"), "oidc_role": role}


def _origin(environ: Mapping[str, str]) -> str:
    name = environ.get("REGISTRY_ORIGIN", "").strip()
    if len(name) > 200 or any(each.isspace() or each == "+" for each in name):
        raise Invalid(
            f"REGISTRY_ORIGIN must be a name without spaces and plus signs, not {name[:60]!r}",
            "REGISTRY_ORIGIN",
        )
    return name


def _seconds(environ: Mapping[str, str], variable: str, default: float) -> float:
    text = environ.get(variable, "").strip()
    if not text:
        return default
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 3_600:  # not-a-number is refused too
        raise Invalid(
            f"{variable} must be a number of seconds above 0 and up to 3600, not {text!r}",
            field=variable,
        )
    return seconds
