"""What handlers ask at every event and what seldom changes: read once, kept until it does."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

Name = tuple[str, str, str]
"""Community, plugin, and what the plugin calls it."""
MOST = 2_000
"""Names that are kept; with one more, all begins afresh."""


class Recall:
    """Values made from tables, each until a row of one of its tables changes.

    Of one writer: a change is noticed when it passes through a session of the writer's. Whatever
    is rolled back, or changed in a way that cannot be told, takes everything along.
    """

    def __init__(self) -> None:
        self._found: dict[Name, Any] = {}
        self._on: dict[str, set[Name]] = {}

    def get(self, name: Name, make: Callable[[], Any], tables: Collection[str]) -> Any:
        """What is kept under a name, made first when there is none."""
        if name in self._found:
            return self._found[name]
        if len(self._found) >= MOST:
            self.clear()
        value = make()
        for table in tables:
            self._on.setdefault(table, set()).add(name)
        self._found[name] = value
        return value

    def changed(self, table: str) -> None:
        """Drop what was made from a table."""
        for name in self._on.pop(table, ()):
            self._found.pop(name, None)

    def clear(self) -> None:
        """Drop everything."""
        self._found.clear()
        self._on.clear()
