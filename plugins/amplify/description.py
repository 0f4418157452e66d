"""The plugin itself, which its parts hang their commands and handlers on."""

from __future__ import annotations

from bot.api import Plugin
from plugins.amplify.logic import PURPOSE
from plugins.amplify.settings import Settings
from plugins.amplify.tables import (
    Alias,
    ByRole,
    Considered,
    HostRoute,
    RouteState,
    Seen,
    Standing,
    Succession,
)

plugin = Plugin(
    "amplify",
    package="plugins.amplify",
    settings=Settings,
    tables=[HostRoute, Alias, RouteState, Considered, Standing, ByRole, Seen, Succession],
)
plugin.purpose(PURPOSE, "pass your tagged posts on")
