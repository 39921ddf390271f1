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
from registry.store.engine import code_of

_LOCKED: Final = ("55P03", 5)  # lock_not_available, SQLITE_BUSY
_TOO_LONG: Final = ("57014", 9)  # query_canceled, SQLITE_INTERRUPT
_NO_TABLE: Final = "42P01"
_NO_WRITING: Final = ("25006", "53100", 8, 13)
"""read_only_sql_transaction, disk_full, SQLITE_READONLY, SQLITE_FULL"""


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
    code = code_of(error)
    match error:
        case DataError():
            return 422, "a value does not fit into the register"
        case OperationalError() | InterfaceError() if code in _LOCKED:
            return 503, "the register is busy: try again"
        case OperationalError() if code in _TOO_LONG:
            return 503, "that took too long, and was given up: ask for less"
        case OperationalError() | InternalError() if code in _NO_WRITING:
            return 503, "the register's database takes nothing in just now"
        case OperationalError() | InterfaceError():
            return 503, "the register's database cannot be used just now"
        case ProgrammingError() if code == _NO_TABLE:
            return 503, "the register's database cannot be used just now"
    return None


def lock_timed_out(error: DBAPIError) -> bool:
    """Whether the database gave up waiting for another writer."""
    return code_of(error) in _LOCKED
