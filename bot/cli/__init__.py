"""The ``weaver`` command."""

from bot.cli.commands import main as main
