"""The commands of ``weaver``, but for those on the ledger and on archives."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import sqlite3
import sys
from typing import Annotated, Any

import typer

from bot import __version__
from bot.audit.cli import register
from bot.cli import replay
from bot.cli.detect import detect
from bot.cli.ledger import ledger
from bot.cli.terminal import ConfigOption, JsonOption, ask, log_to_stderr, settings_from
from bot.domain.errors import UserError

_DAMAGED = frozenset(
    (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL)
)
"""What a person can mend: a file or a disk that is damaged or full."""
MISTAKE = 2
"""Exit code for what a person can mend."""

cli = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
sandbox = typer.Typer(help="The small made-up community that everything can be tried in.")
cli.add_typer(ledger, name="ledger", invoke_without_command=True)
cli.add_typer(sandbox, name="sandbox", no_args_is_help=True)


@cli.callback(invoke_without_command=True)
def weaver(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Weaver helps communities of practice stay conversations.

    Start with `weaver run`, and open the address it prints.
    """
    log_to_stderr(logging.ERROR)
    if version:
        print(f"weaver {__version__}")
        raise typer.Exit


@cli.command()
def run(config: ConfigOption = None) -> None:
    """Run Weaver, and say where its page is; Ctrl-C or SIGTERM stops it."""
    from bot import app

    log_to_stderr(logging.INFO)
    settings = settings_from(config)

    def ready(address: str) -> None:
        print(f"Weaver is at {address}", flush=True)

    asyncio.run(app.run(settings, ready))


@cli.command()
def check(
    config: ConfigOption = None,
    online: Annotated[
        bool, typer.Option("--online", help="Also sign in, and look at every account.")
    ] = False,
    fix: Annotated[
        bool, typer.Option("--fix", help="With --online: write into profiles what lacks there.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Check settings, plugins, their templates and the database, before a run; changes nothing.

    With --online it reaches for the platforms, while Weaver runs or not: sessions are kept for the
    next run, and exit code 2 says that an account needs mending.
    """
    from bot import platforms
    from bot.kernel import house

    if fix and not online:
        raise UserError("--fix mends accounts on their platforms: write --online --fix")
    settings = settings_from(config)
    found = house.check(settings)
    platforms.check(settings)
    looked = ask(settings, {"accounts": {"mend": fix}}) if online else {}
    accounts, servers = looked.get("accounts", []), looked.get("discord", [])
    if as_json:
        print(json.dumps({**found, "accounts": accounts, "discord": servers} if online else found))
    else:
        _tell(found, accounts, servers)
    if any(one["wrong"] for one in (*accounts, *servers)):
        raise typer.Exit(MISTAKE)


def _tell(
    found: dict[str, Any], accounts: list[dict[str, Any]], servers: list[dict[str, Any]]
) -> None:
    print(f"settings: {found['settings']}")
    print(f"plugins: {', '.join(found['plugins'])}; their templates parse")
    missing = "none; say in [weaver] contact how people reach whoever runs this Weaver"
    print(f"contact: {found['contact'] or missing}")
    behind = f" for {', '.join(found['behind'])}" if found["behind"] else ""
    print(f"database: {found['database']}: {found['state']}{behind}")
    for one in accounts:
        who = f"@{one['handle']} ({one['did']})" if one["did"] else "out of reach"
        bot = ", labelled as a bot" if one["bot"] else ""
        left = f", may write {one['points']:,} points more now" if one["points"] is not None else ""
        print(f"bluesky account {one['name']}: {who}{bot}{left}")
        for wrong in one["wrong"]:
            print(f"    {wrong}")
    for one in servers:
        who = f"{one['name']}, {one['spaces']} channels looked at" if one["name"] else "not reached"
        print(f"discord: {who}")
        for wrong in one["wrong"]:
            print(f"    {wrong}")
        if one["invitation"]:
            print(f"    to add Weaver to a server: {one['invitation']}")
    if any(one["wrong"] for one in (*accounts, *servers)):
        print("Something needs mending.")
    else:
        print("All is well." if not behind else "The next run brings it up to date.")


@cli.command()
def migrate(config: ConfigOption = None) -> None:
    """Bring the database's tables up to date, as every run does; nothing when they are."""
    from bot.kernel import house
    from bot.storage.migrate import migrate as bring_up

    settings = settings_from(config)
    with house.exclusive_folder(settings), house.open_house(settings) as found:
        changed = bring_up(found.database, found.owners)
    names = ", ".join(owner.name for owner in changed)
    print(f"Brought up to date: {names}." if changed else "Nothing to do: it is up to date.")


@cli.command()
def plugins(config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """List the plugins that your communities use, with their commands and settings."""
    from bot.kernel import house

    found = house.describe(house.plugins_of(settings_from(config)))
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
    words: Annotated[
        list[str], typer.Argument(metavar="COMMAND…", help="Such as: chats list; or: help")
    ],
    community: Annotated[
        str | None,
        typer.Option(metavar="ID", help="Which community, where there are several."),
    ] = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Give Weaver a command, as its hosts can by mention; `weaver do help` lists them.

    Works while Weaver runs and while it does not; what is decided then is done at the next run.
    """
    text = words[0] if len(words) == 1 else " ".join(_quoted(word) for word in words)
    answer = ask(settings_from(config), {"do": text, "community": community})
    print(json.dumps(answer) if as_json else answer["answer"])


def _quoted(word: str) -> str:
    """Keep together what the shell kept together, after the ``name:`` of a named one."""
    named = re.match(r"\w+:(?=\S)", word)
    name, value = word[: named.end()] if named else "", word[named.end() :] if named else word
    return f'{name}"{value}"' if re.search(r"\s", value) and '"' not in value else word


@cli.command()
def recount(config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """Count the log of posts anew, should its counts ever be in doubt.

    The counts of each day and the first answers are kept with every post;
    this makes all of them again from the log. Works while Weaver runs.
    """
    found = ask(settings_from(config), {"recount": True})
    if as_json:
        print(json.dumps(found))
        return
    wrong = f"{found['wrong']} of them had been wrong" if found["wrong"] else "all had been right"
    print(f"Counted anew: {found['days']} days of spaces; {wrong}.")


@sandbox.command("reset")
def sandbox_reset(
    config: ConfigOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
) -> None:
    """Start over: forget for good all that happened in the sandbox. Weaver must not be running."""
    from bot import app

    settings = settings_from(config)
    if not yes:
        typer.confirm(f"Forget all that happened in the sandbox in {settings.data}?", abort=True)
    gone = app.reset_sandbox(settings)
    print("The sandbox starts over at the next run." if gone else "The sandbox is new already.")


def main() -> None:
    """Run the command; a person's mistake is one plain line and exit code 2."""
    try:
        cli()
    except UserError as mistake:
        print(f"weaver: {mistake}", file=sys.stderr)
        raise SystemExit(MISTAKE) from None
    except Exception as error:
        broken = getattr(error, "orig", error)  # SQLAlchemy wraps what the driver says
        if getattr(broken, "sqlite_errorcode", None) not in _DAMAGED:
            raise
        print(f"weaver: the database is damaged or out of reach ({broken})", file=sys.stderr)
        raise SystemExit(MISTAKE) from None


register(cli)
replay.register(cli)
cli.command()(detect)
