"""What every command shares: its options, where its settings come from, how it asks and shows."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import structlog
import typer
from rich.console import Console
from rich.table import Table

from bot.domain.errors import UserError

if TYPE_CHECKING:
    from bot.config import Config
    from bot.kernel.door import Request

_UNWRAPPED = 10_000
"""Columns of a table that no person sees at a terminal: a line each, whatever it says."""

ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="FILE",
        readable=False,  # and told in our own words when it is not
        help="The settings.",
        show_default="WEAVER_CONFIG, else config.toml here, else the example community",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def settings_from(path: Path | None) -> Config:
    """Read the settings that hold for a command."""
    from bot.config import load

    return load(os.environ, path)


def ask(settings: Config, request: Request) -> dict[str, Any]:
    """Ask the running Weaver at its door; when none runs, take the lock and do it here."""
    from bot import app
    from bot.kernel.door import knock, socket_path, understood
    from bot.storage.lock import Taken

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


def show(table: Table | str) -> None:
    """Print a table: fitted to a terminal, elsewhere a line a row."""
    width = None if sys.stdout.isatty() else _UNWRAPPED
    Console(width=width, markup=False, emoji=False, highlight=False).print(table)


def log_to_stderr(least: int) -> None:
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
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
