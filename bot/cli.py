"""The ``weaver`` command."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import structlog
import typer
from rich.console import Console
from rich.table import Table

from bot import __version__, app
from bot.audit.cli import register
from bot.config import Config, load
from bot.detect import register as register_detect
from bot.domain.errors import UserError
from bot.domain.ports import Act
from bot.kernel import ledger as book
from bot.kernel.door import Request, key_of, knock, socket_path, understood
from bot.storage.lock import Taken
from bot.storage.migrate import migrate as bring_up
from bot.storage.migrate import pending

MISTAKE = 2
"""Exit code for what a person can mend."""

cli = typer.Typer(
    help="Weaver helps communities of practice stay conversations.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
ledger = typer.Typer(help="What Weaver did, has yet to do, and left alone, and why.")
sandbox = typer.Typer(help="The small made-up community that everything can be tried in.")
cli.add_typer(ledger, name="ledger", invoke_without_command=True)
cli.add_typer(sandbox, name="sandbox", no_args_is_help=True)
register(cli)
register_detect(cli)

ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", help="Settings; default: WEAVER_CONFIG, config.toml, the example."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def _load(path: Path | None) -> Config:
    return load(os.environ, path)


@cli.callback(invoke_without_command=True)
def weaver(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Weaver helps communities of practice stay conversations."""
    if version:
        print(f"weaver {__version__}")
        raise typer.Exit


@cli.command()
def run(config: ConfigOption = None) -> None:
    """Run Weaver until it is stopped (Ctrl-C or SIGTERM)."""
    _log_to_stderr()
    settings = _load(config)

    def ready(address: str) -> None:
        print(f"Weaver is at {address}", flush=True)

    asyncio.run(app.run(settings, ready))


@cli.command()
def check(config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """Check settings, plugins, templates, database and migrations; reaches for no network."""
    settings = _load(config)
    said = app.check(settings)
    print(json.dumps(said) if as_json else "\n".join([*said, "all is well"]))


@cli.command()
def migrate(config: ConfigOption = None) -> None:
    """Bring the database's tables up to date; does nothing when they are."""
    settings = _load(config)
    with app.exclusive_folder(settings), app.open_house(settings) as house:
        changed = bring_up(house.database, house.owners)
    names = ", ".join(owner.name for owner in changed)
    print(f"brought up to date: {names}" if changed else "nothing to do: all tables are up to date")


@cli.command()
def plugins(config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """List the plugins at work, their commands and settings."""
    found = app.describe(app.plugins_of(_load(config)))
    if as_json:
        print(json.dumps(found))
        return
    for plugin in found:
        print(f"{plugin['name']}: {plugin['about']}")
        for command in plugin["commands"]:
            print(f"    {command}")
        print(f"    settings: {', '.join(plugin['settings']) or 'none'}")


@cli.command()
def do(
    words: Annotated[list[str], typer.Argument(help="A command, such as: chats list")],
    community: Annotated[str | None, typer.Option(help="Its id, where there are several.")] = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Give a command as the operator; `weaver do help` lists them."""
    text = words[0] if len(words) == 1 else " ".join(_quoted(word) for word in words)
    answer = _ask(_load(config), {"do": text, "community": community})
    print(json.dumps(answer) if as_json else answer["answer"])


def _quoted(word: str) -> str:
    """Keep together what the shell kept together."""
    return f'"{word}"' if " " in word and ":" not in word.split(" ", maxsplit=1)[0] else word


@ledger.callback(invoke_without_command=True)
def ledger_list(
    context: typer.Context,
    state: Annotated[str | None, typer.Option(help="Only in this state, such as dead.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many, newest first.")] = 30,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the latest acts, newest first: done, due, failed, declined, taken back."""
    if context.invoked_subcommand:
        return
    with app.open_house(_load(config)) as house:
        _has_tables(house)
        narrow = {"state": state} if state else {}
        with house.database.read.connect() as connection:
            acts = book.acts(connection, None, limit, **narrow)
    if as_json:
        print(json.dumps([_plain(act) for act in acts]))
        return
    table = Table("no.", "when (UTC)", "community", "what", "state", "why", box=None)
    for act in acts:
        reason = f"{act.why} [{act.error}]" if act.error else act.why
        what = (act.community, f"{act.plugin}: {act.kind}", act.state, reason)
        table.add_row(str(act.seq), f"{act.at:%Y-%m-%d %H:%M}", *what)
    Console().print(table if acts else "The ledger is empty: Weaver has decided nothing yet.")


@ledger.command("show")
def ledger_show(number: int, config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """Show one act whole: its words while they are kept, why, tries, receipt."""
    with app.open_house(_load(config)) as house:
        _has_tables(house)
        key = key_of(house.database, number)
        with house.database.read.connect() as connection:
            [act] = book.acts(connection, None, 1, key=key)
    plain = _plain(act)
    if as_json:
        print(json.dumps(plain))
        return
    for name, value in plain.items():
        if value is not None:
            print(f"{name:>10}: {value}")


@ledger.command("undo")
def ledger_undo(number: int, config: ConfigOption = None) -> None:
    """Take an act back: before it is done it is cancelled, after that removed."""
    _change(config, "undo", number, "It will be taken back.", "There is nothing to take back.")


@ledger.command("retry")
def ledger_retry(number: int, config: ConfigOption = None) -> None:
    """Give an act that was given up another eight tries."""
    _change(config, "retry", number, "It will be tried again.", "It is not one that was given up.")


def _change(config: Path | None, call: str, number: int, done: str, nothing: str) -> None:
    settings = _load(config)
    with app.open_house(settings) as house:
        _has_tables(house)
        key = key_of(house.database, number)
    if not _ask(settings, {call: key})["done"]:
        raise UserError(f"act number {number}: {nothing[0].lower()}{nothing[1:]}")
    print(done)


@sandbox.command("reset")
def sandbox_reset(
    config: ConfigOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Start over: forget everything that happened in the sandbox."""
    settings = _load(config)
    if not yes:
        typer.confirm(f"Forget the sandbox in {settings.data}?", abort=True)
    gone = app.reset_sandbox(settings)
    print("The sandbox starts over at the next run." if gone else "The sandbox is new already.")


def _ask(settings: Config, request: Request) -> dict[str, Any]:
    """Ask the running Weaver at its door; when none runs, take the lock and do it here."""

    async def here() -> dict[str, Any]:
        async with app.at_desk(settings) as desk:
            return understood(await desk(request))

    try:
        return knock(socket_path(settings.data), request)
    except OSError:
        pass  # nobody is at home
    try:
        return asyncio.run(here())
    except Taken as busy:
        raise UserError(f"{busy}; it does not answer at its door") from None


def _has_tables(house: app.House) -> None:
    if pending(house.database, house.owners):
        raise UserError(f"{house.config.database}: has no ledger yet; run: weaver migrate")


def _plain(act: Act) -> dict[str, Any]:
    """An act as JSON can hold it."""
    values = {name: getattr(act, name) for name in act.__dataclass_fields__}
    return {n: v.isoformat() if isinstance(v, datetime) else v for n, v in values.items()}


def _log_to_stderr() -> None:
    """One line a thing, for people at a terminal and as JSON elsewhere; no words, no handles."""
    pretty = sys.stderr.isatty()
    plain, coloured = structlog.processors.JSONRenderer(), structlog.dev.ConsoleRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            coloured if pretty else plain,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def main() -> None:
    """Run the command; a person's mistake is one plain line and exit code 2."""
    try:
        cli()
    except UserError as mistake:
        print(f"weaver: {mistake}", file=sys.stderr)
        raise SystemExit(MISTAKE) from None


if __name__ == "__main__":
    main()
