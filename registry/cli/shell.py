"""What every command stands on: settings, the database, a progress bar, refusals in one line."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from registry.domain.errors import Invalid, Problems, RegistryError

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from registry.settings import Settings


class Refused(click.ClickException):
    """One line on standard error."""

    exit_code = 2


class Shell(click.Group):
    """What goes wrong is one line on standard error and exit status 2, never a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except RegistryError as error:
            raise Refused(words(error)) from None


def settings() -> "Settings":
    from registry.settings import Settings

    return Settings.from_environ()


@contextmanager
def store(settings: "Settings") -> "Iterator[Engine]":
    """The database, reached and migrated."""
    from registry.store.engine import connect
    from registry.store.schema import is_current

    with database():
        engine = connect(settings.database_url, settings.lock_timeout_seconds)
        try:
            if not is_current(engine):
                raise Invalid("the database lacks migrations: run `registry migrate` first")
            yield engine
        finally:
            engine.dispose()


@contextmanager
def database() -> Iterator[None]:
    """What the database says when it cannot be used, in one line."""
    from alembic.util import CommandError
    from sqlalchemy.exc import DBAPIError, SQLAlchemyError

    try:
        yield
    except DBAPIError as error:
        raise Refused(f"the database cannot be used: {str(error.orig).splitlines()[0]}") from None
    except (SQLAlchemyError, CommandError) as error:
        raise Refused(f"the database cannot be used: {str(error).splitlines()[0]}") from None


@contextmanager
def progress_bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error that is told how far it got, and of how much: it shows the rate and
    the time left.
    """
    hidden = not sys.stderr.isatty()

    def rate(_: object) -> str:
        each = bar.time_per_iteration
        return f"{1 / each:,.0f}/s" if each else ""

    with click.progressbar(
        length=1,
        label=label,
        file=sys.stderr,
        hidden=hidden,
        show_eta=True,
        show_pos=True,
        item_show_func=rate,
    ) as bar:

        def show(at: int, of: int) -> None:
            bar.length = max(of, 1)
            bar.update(at - bar.pos)

        yield show


def words(error: RegistryError) -> str:
    if not isinstance(error, Invalid):
        return str(error)
    words = f"{error.field}: {error.message}" if error.field else error.message
    more = len(error.each) - 1 if isinstance(error, Problems) else 0
    return f"{words} (and {more} more)" if more else words
