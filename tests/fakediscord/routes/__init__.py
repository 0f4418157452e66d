"""The operations of the API, by what they are about."""

from tests.fakediscord.routes import (
    account,
    channels,
    commands,
    guilds,
    interactions,
    messages,
    scheduled,
    threads,
)
from tests.fakediscord.routes.call import ROUTES

__all__ = [
    "ROUTES",
    "account",
    "channels",
    "commands",
    "guilds",
    "interactions",
    "messages",
    "scheduled",
    "threads",
]
