"""The session that handlers are lent: it tells what was remembered when its tables change."""

from __future__ import annotations

from typing import NoReturn

from sqlalchemy import Connection, event
from sqlalchemy.orm import ORMExecuteState
from sqlmodel import Session

from bot.kernel.recall import Recall


class Lent(Session):
    """A session inside the writer's transaction, whose end is not a handler's business."""

    def __init__(self, connection: Connection, recall: Recall) -> None:
        super().__init__(connection, expire_on_commit=False)
        self.recall = recall

    def commit(self) -> NoReturn:
        """Refuse: what others did in the transaction would be committed along."""
        raise RuntimeError("Weaver commits when all handlers are done; leave that to it")

    def rollback(self) -> NoReturn:
        """Refuse: what others did in the transaction would be lost."""
        raise RuntimeError("raise an error, and Weaver rolls back what the handler did")

    def close(self) -> NoReturn:
        """Refuse: others still need it."""
        raise RuntimeError("the session is lent; Weaver closes it")

    def give_back(self) -> None:
        """Close it; for the writer."""
        super().close()


@event.listens_for(Lent, "after_flush")
def _flushed(session: Lent, _: object) -> None:
    for row in (*session.new, *session.dirty, *session.deleted):
        session.recall.changed(row.__tablename__)


@event.listens_for(Lent, "do_orm_execute")
def _executed(state: ORMExecuteState) -> None:
    if state.is_select:
        return
    assert isinstance(state.session, Lent)
    table = getattr(state.statement, "table", None)
    if table is None:
        state.session.recall.clear()
    else:
        state.session.recall.changed(table.name)
