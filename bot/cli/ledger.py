"""``weaver ledger``: what was done, is due, failed, and why; undo and retry."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from bot.cli.terminal import ConfigOption, JsonOption, ask, settings_from, show
from bot.domain.errors import UserError
from bot.domain.pages import Act, Upcoming

if TYPE_CHECKING:
    from bot.config import Config
    from bot.storage.database import Database

ledger = typer.Typer()
Number = Annotated[
    int, typer.Argument(metavar="NUMBER", help="The act's number, as weaver ledger shows it.")
]


class State(StrEnum):
    """How far an act has come."""

    TODO = "todo"
    SENDING = "sending"
    HELD = "held"
    DONE = "done"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    UNDONE = "undone"
    DEAD = "dead"


@ledger.callback(invoke_without_command=True)
def ledger_list(
    context: typer.Context,
    state: Annotated[State | None, typer.Option(help="Only acts in this state.")] = None,
    limit: Annotated[int, typer.Option(metavar="NUMBER", min=1, help="How many at most.")] = 30,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what Weaver did, has yet to do and left alone, and why; newest first.

    An act is todo or sending; done; declined, when Weaver left it alone;
    held, by a pause or a dry run; cancelled or undone, when it was taken
    back before or after it was done; or dead, when it was given up.
    """
    if context.invoked_subcommand:
        return
    from bot.kernel.ledger import acts as latest

    narrow = {"state": state.value} if state else {}
    with _database(settings_from(config)) as database, database.read.connect() as connection:
        acts = latest(connection, None, limit, **narrow)
    if as_json:
        print(json.dumps([_plain(act) for act in acts]))
        return
    table = Table("no.", "when (UTC)", "community", "what", "state", "why", box=None)
    for act in acts:
        reason = f"{act.why} [{act.error}]" if act.error else act.why
        what = (act.community, f"{act.plugin}: {act.kind}", act.state, reason)
        table.add_row(str(act.seq), f"{act.at:%Y-%m-%d %H:%M}", *what)
    show(table if acts else "There is no such act." if state else "Nothing yet.")


@ledger.command("due")
def ledger_due(
    limit: Annotated[int, typer.Option(metavar="NUMBER", min=1, help="How many at most.")] = 30,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what Weaver will do by itself, soonest first."""
    from bot.kernel.timers import upcoming

    with _database(settings_from(config)) as database, database.read.connect() as connection:
        coming = upcoming(connection, None, limit)
    if as_json:
        print(json.dumps([_plain(one) for one in coming]))
        return
    table = Table("when (UTC)", "community", "what", box=None)
    for one in coming:
        table.add_row(f"{one.at:%Y-%m-%d %H:%M}", one.community, one.label)
    show(table if coming else "Nothing is planned.")


@ledger.command("show")
def ledgershow(number: Number, config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """Show one act in full: why, its words while they are kept, and how often it was tried."""
    from bot.kernel.door import key_of
    from bot.kernel.ledger import acts as latest

    with _database(settings_from(config)) as database, database.read.connect() as connection:
        [act] = latest(connection, None, 1, key=key_of(database, number))
    plain = _plain(act)
    if as_json:
        print(json.dumps(plain))
        return
    for name, value in plain.items():
        if value is not None:
            print(f"{name:>10}: {value}")


@ledger.command("undo")
def ledger_undo(number: Number, config: ConfigOption = None) -> None:
    """Take an act back: what is not done yet is cancelled, what was posted is removed."""
    _change(config, "undo", number, "It will be taken back.", "there is nothing to take back")


@ledger.command("retry")
def ledger_retry(number: Number, config: ConfigOption = None) -> None:
    """Try an act again that was given up (dead): it gets another eight tries."""
    _change(config, "retry", number, "It will be tried again.", "it is not one that was given up")


def _change(config: Path | None, call: str, number: int, done: str, nothing: str) -> None:
    from bot.kernel.door import key_of

    settings = settings_from(config)
    with _database(settings) as database:
        key = key_of(database, number)
    if not ask(settings, {call: key})["done"]:
        raise UserError(f"act number {number}: {nothing}; see: weaver ledger show {number}")
    print(done)


@contextmanager
def _database(settings: Config) -> Iterator[Database]:
    """Open the database that is there; UserError when it has no ledger as this Weaver knows it."""
    from bot.kernel.house import open_house
    from bot.storage.migrate import pending

    with open_house(settings, new=False) as house:
        if pending(house.database, house.owners):
            raise UserError(f"{settings.database}: is not up to date; run: weaver migrate")
        yield house.database


def _plain(act: Act | Upcoming) -> dict[str, Any]:
    """An act as JSON can hold it."""
    values = {name: getattr(act, name) for name in act.__dataclass_fields__}
    return {n: v.isoformat() if isinstance(v, datetime) else v for n, v in values.items()}
