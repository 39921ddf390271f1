"""Accounts from the shell: the first administrator, and whoever has lost the way in."""

import sys
from typing import TYPE_CHECKING

import click

from registry.cli.shell import settings, store
from registry.domain.errors import Invalid

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from registry.store.accounts import Account

_SHELL = "the shell"


@click.group()
def user() -> None:
    """Make accounts, and links by which a person sets a password."""


@user.command()
@click.option("--role", required=True, help="reader, recorder, reviewer or admin.")
@click.option("--login", help="What the person types to sign in, such as an e-mail address.")
@click.option("--name", help="As it will stand beside what the person records.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def create(role: str, login: str | None, name: str | None, password_stdin: bool) -> None:
    """Make an account; or, without --login, a link by which a person makes one, once.

    Only the link itself goes to standard output.
    """
    from registry.admin import passwords
    from registry.record import clock
    from registry.store import accounts
    from registry.store.engine import writing

    chosen = settings()
    if login is None:
        with store(chosen) as engine, writing(engine) as conn:
            now = clock()
            new = accounts.invite(conn, role, now)
            accounts.note(conn, _SHELL, "made a link", f"for a new {role}", "shell", now)
        click.echo("a link that works once, for three days:", err=True)
        click.echo(f"{_address()}/admin/welcome/{new}")
        return
    password_hash = None
    if password_stdin:
        password = sys.stdin.readline().rstrip("\n")
        passwords.check(password, login, name or "")
        password_hash = passwords.hashed(password)
    with store(chosen) as engine, writing(engine) as conn:
        now = clock()
        made = accounts.add(
            conn,
            login=login,
            name=name or login,
            role=role,
            password_hash=password_hash,
            now=now,
        )
        accounts.note(conn, _SHELL, "made an account", f"{made.login}, {role}", "shell", now)
        text = None if password_hash else accounts.invite(conn, role, now, made.id)
    click.echo(f"{made.login} may sign in as {role}", err=True)
    if text:
        click.echo("a link that works once, for three days, to set the password:", err=True)
        click.echo(f"{_address()}/admin/welcome/{text}")


@user.command()
@click.argument("login")
def link(login: str) -> None:
    """Make a link by which an account's password is set anew."""
    from registry.record import clock
    from registry.store import accounts
    from registry.store.engine import writing

    with store(settings()) as engine, writing(engine) as conn:
        account = _account(conn, login)
        now = clock()
        text = accounts.invite(conn, account.role, now, account.id)
        about = f"{account.login}, to set the password"
        accounts.note(conn, _SHELL, "made a link", about, "shell", now)
    click.echo("a link that works once, for three days:", err=True)
    click.echo(f"{_address()}/admin/welcome/{text}")


@user.command()
@click.argument("login")
@click.argument("role")
def role(login: str, role: str) -> None:
    """Give an account another role, from its next page on."""
    from registry.record import clock
    from registry.store import accounts
    from registry.store.engine import writing

    with store(settings()) as engine, writing(engine) as conn:
        account = _account(conn, login)
        accounts.set_role(conn, account.id, role)
        if role != account.role:
            about = f"{account.login}, {account.role} to {role}"
            accounts.note(conn, _SHELL, "changed the role", about, "shell", clock())
    click.echo(f"{account.login} is {role}", err=True)


@user.command()
@click.argument("login")
def disable(login: str) -> None:
    """Let an account in no more: its visits, tokens and links end at once."""
    from registry.record import clock
    from registry.store import accounts
    from registry.store.engine import writing

    with store(settings()) as engine, writing(engine) as conn:
        account = _account(conn, login)
        if not account.disabled:
            now = clock()
            accounts.disable(conn, account.id, now)
            accounts.note(conn, _SHELL, "disabled the account", account.login, "shell", now)
    click.echo(f"{account.login} may not sign in any more", err=True)


@user.command("list")
def list_users() -> None:
    """List the accounts."""
    from registry.queries.instants import instant_text
    from registry.store import accounts
    from registry.store.engine import reading

    with store(settings()) as engine, reading(engine) as conn:
        rows = accounts.listed(conn)
    for row in rows:
        seen = f", seen {instant_text(row['seen_at'])[:16]}Z" if row["seen_at"] else ""
        off = ", disabled" if row["disabled_at"] else ""
        click.echo(f"{row['role']:8}  {row['login']}  ({row['name']}){seen}{off}")


def first_admin_link() -> str | None:
    """The link by which the first administrator makes an account; None where there is one."""
    from registry.record import clock
    from registry.store import accounts
    from registry.store.engine import writing

    with store(settings()) as engine, writing(engine) as conn:
        if accounts.any_admin(conn):
            return None
        link = accounts.invite(conn, "admin", clock(), made_by=accounts.FIRST)
    return f"{_address()}/admin/welcome/{link}"


def _account(conn: "Connection", login: str) -> "Account":
    from registry.store import accounts

    account = accounts.by_login(conn, login)
    if account is None:
        raise Invalid(f"there is no account {login!r} (see `registry user list`)")
    return account


def _address() -> str:
    chosen = settings()
    host = f"[{chosen.host}]" if ":" in chosen.host else chosen.host
    return f"http://{'127.0.0.1' if host in ('0.0.0.0', '[::]') else host}:{chosen.port}"  # noqa: S104 - shown, not bound
