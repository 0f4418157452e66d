"""Bluesky keeps the contract of adapters, against the reference server itself."""

from tests.adapters.contract import PerformContract, action

__all__ = ["action"]


class TestActs(PerformContract):
    pass
