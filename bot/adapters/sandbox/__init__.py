"""A small social space on this machine: no token, no accounts, everyone is made up."""

from bot.adapters.sandbox.adapter import SandboxAdapter as SandboxAdapter
from bot.adapters.sandbox.stage import SandboxStage as SandboxStage
from bot.adapters.sandbox.world import Foreign as Foreign
from bot.adapters.sandbox.world import World as World
