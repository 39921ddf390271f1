"""Which number of HTTP an error has; no other module knows."""

from typing import Final

from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    InterfaceError,
    InternalError,
    OperationalError,
    ProgrammingError,
)

from registry.domain.errors import (
    Conflict,
    Forbidden,
    Gone,
    Invalid,
    NotFound,
    Refused,
    RegistryError,
)

_LOCKED: Final = "55P03"  # lock_not_available
_CANCELLED: Final = "57014"  # query_canceled
_NO_TABLE: Final = "42P01"
_READ_ONLY: Final = "25006"
_SQLITE_BUSY: Final = 5
_SQLITE_INTERRUPTED: Final = 9


def status_of(error: RegistryError) -> int:
    match error:
        case Invalid():
            return 422
        case NotFound():
            return 404
        case Conflict():
            return 409
        case Forbidden():
            return 403
        case Gone():
            return 410
        case Refused():
            return 503
    raise error


def status_of_database(error: DBAPIError) -> tuple[int, str] | None:
    """The number, and what to say of it; None where the fault is ours."""
    match error:
        case DataError():
            return 422, "a value does not fit into the register"
        case OperationalError() | InterfaceError() if lock_timed_out(error):
            return 503, "the register is busy: try again"
        case OperationalError() if _took_too_long(error):
            return 503, "that took too long, and was given up: ask for less"
        case OperationalError() | InterfaceError():
            return 503, "the register's database cannot be used just now"
        case ProgrammingError() if getattr(error.orig, "sqlstate", None) == _NO_TABLE:
            return 503, "the register's database cannot be used just now"
        case InternalError() if getattr(error.orig, "sqlstate", None) == _READ_ONLY:
            return 503, "the register's database takes nothing in just now"
    return None


def lock_timed_out(error: DBAPIError) -> bool:
    """Whether the database gave up waiting for another writer."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return int(code) & 0xFF == _SQLITE_BUSY
    return getattr(error.orig, "sqlstate", None) == _LOCKED


def _took_too_long(error: DBAPIError) -> bool:
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return int(code) & 0xFF == _SQLITE_INTERRUPTED
    return getattr(error.orig, "sqlstate", None) == _CANCELLED
