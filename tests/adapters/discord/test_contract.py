"""Discord keeps the contract of adapters, by its real client on a Discord of our own."""

from tests.adapters.contract import PerformContract, action

__all__ = ["action"]


class TestActs(PerformContract):
    pass
