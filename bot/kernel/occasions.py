"""Sessions and other occasions: what one plugin holds, written where others may read it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import delete, select

from bot.books import Occasion, Planned
from bot.kernel.registry import Enabled, Looked
from bot.kernel.statements import OCCASIONS
from bot.kernel.writer import Transaction
from bot.plugin import Context

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Occasions:
    """The occasions of one community, as one plugin writes them and any reads them."""

    transaction: Transaction
    community: str
    plugin: str
    looked: Looked
    context: Callable[[Enabled], Context[Any]]
    """What another plugin of the community may use, at the same moment."""

    def record(self, name: str, occasion: Occasion) -> None:
        """Write down an occasion; the same name again replaces it."""
        self.transaction.connection.execute(
            self.transaction.statements.record_occasion,
            {
                "community": self.community,
                "plugin": self.plugin,
                "name": name,
                "space": occasion.space,
                "kind": occasion.kind,
                "begins": occasion.begins,
                "ends": occasion.ends,
            },
        )

    def drop(self, name: str) -> bool:
        """Forget an occasion that did not come to pass; False when there is none of that name."""
        gone = self.transaction.connection.execute(
            delete(OCCASIONS).where(
                OCCASIONS.c.community == self.community,
                OCCASIONS.c.plugin == self.plugin,
                OCCASIONS.c.name == name,
            )
        )
        return gone.rowcount > 0

    def of(self, space: str, since: datetime, until: datetime) -> list[Occasion]:
        """List a space's occasions that touch a window, whoever holds them; earliest first."""
        rows = self.transaction.connection.execute(
            select(OCCASIONS)
            .where(
                OCCASIONS.c.community == self.community,
                OCCASIONS.c.space == space,
                OCCASIONS.c.begins < until,
                OCCASIONS.c.ends > since,
            )
            .order_by(OCCASIONS.c.begins, OCCASIONS.c.name)
        )
        return [Occasion(row.space, row.begins, row.ends, row.kind) for row in rows]

    def next(self) -> Planned | None:
        """What is planned next, asked of every plugin that holds something; None: nothing is."""
        coming = (one for enabled in self.looked.plugins for one in self._planned(enabled))
        return min(coming, key=lambda one: (one.begins, one.space), default=None)

    def _planned(self, enabled: Enabled) -> Iterator[Planned]:
        """What one plugin plans; one that fails at it plans nothing, and takes no other along."""
        told = enabled.installed.plugin.plans
        if told is None:
            return
        try:
            yield from list(told(self.context(enabled)))
        except Exception as error:
            if not self.transaction.guarded:
                raise
            name = enabled.installed.name
            log.error("plans cannot be told", plugin=name, error=type(error).__name__)  # noqa: TRY400 - no words
