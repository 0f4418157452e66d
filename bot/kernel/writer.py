"""One writer: whatever changes the database is a job, and jobs commit in groups.

A group runs without savepoints, since they cost more than the rest together. If anything in it
fails, the group is rolled back and every job runs again alone, each handler in a savepoint, so
that a failure takes only its own work along. Jobs therefore keep nothing outside the transaction.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

import structlog
from sqlalchemy import Connection, Result, Select, UpdateBase
from sqlmodel import Session

from bot.domain.ports import Bell
from bot.kernel.days import Pending
from bot.kernel.lent import Lent
from bot.kernel.recall import Recall
from bot.kernel.statements import Statements
from bot.storage.database import Database

log = structlog.get_logger()
R = TypeVar("R")
_PLAINLY = nullcontext()


@dataclass(slots=True)
class Transaction:
    """What a job works in. ``cursors`` and the flags take effect when the group commits."""

    session: Session
    connection: Connection
    statements: Statements
    guarded: bool
    cursors: dict[str, str] = field(default_factory=dict)
    pending: Pending = field(default_factory=Pending)
    recall: Recall = field(default_factory=Recall)
    acts_waiting: bool = False
    timers_changed: bool = False
    communities_changed: bool = False

    def protected(self) -> AbstractContextManager[None]:
        """Run a handler: alone in a savepoint when guarded, plainly in a group."""
        return self._savepoint() if self.guarded else _PLAINLY

    @contextmanager
    def _savepoint(self) -> Iterator[None]:
        try:
            with self.session.begin_nested():
                self.session.connection()  # the savepoint, which else waits for a first query
                yield
        except BaseException:
            self.recall.clear()
            raise

    def run(self, statement: Select[Any] | UpdateBase, values: Mapping[str, Any]) -> Result[Any]:
        """Run a statement after what the session changed is written."""
        self.session.flush()
        if isinstance(statement, UpdateBase):
            self.recall.changed(str(statement.table))
        return self.connection.execute(statement, values)

    def settle(self) -> None:
        """Write what follows from changes of the log."""
        self.pending.settle(self.connection, self.statements)

    def finish(self) -> None:
        """Write what is written once a group."""
        self.settle()
        self.session.flush()
        for platform, cursor in self.cursors.items():
            self.connection.execute(
                self.statements.keep_cursor, {"platform": platform, "cursor": cursor}
            )


Work = Callable[[Transaction], R]


@dataclass(slots=True)
class Job(Generic[R]):
    """A piece of work and what became of it."""

    work: Work[R]
    result: R | None = None
    error: BaseException | None = None
    resolve: Callable[[], None] | None = None


class Writer:
    """Commit jobs in the order they arrive, up to ``most`` at once."""

    def __init__(self, database: Database, bell: Bell, *, room: int = 1024, most: int = 64) -> None:
        self._database, self._bell, self._most = database, bell, most
        self._statements, self._recall = Statements(database), Recall()
        self._queue: SimpleQueue[Job[Any] | None] = SimpleQueue()
        self._room = asyncio.Semaphore(room)
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self.on_timers: Callable[[], None] = lambda: None
        self.on_communities: Callable[[], None] = lambda: None

    def start(self) -> None:
        """Begin to work in a thread of its own."""
        self._loop = asyncio.get_running_loop()
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
        self._thread.start()

    async def stop(self) -> None:
        """Finish what is queued, then stop."""
        self._queue.put(None)
        if self._thread is not None:
            self._thread.join()  # brief: nothing is queued behind the last group
            self._thread = None

    async def write(self, work: Work[R]) -> R:
        """Run a job and return its result once it is committed; waits while the queue is full."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[R] = loop.create_future()
        job: Job[R] = Job(work)

        def settle() -> None:
            self._room.release()
            if done.cancelled():
                return
            if job.error is not None:
                done.set_exception(job.error)
            else:
                done.set_result(job.result)  # type: ignore[arg-type]

        job.resolve = settle
        await self._room.acquire()
        self._queue.put(job)
        return await done

    def commit(self, jobs: Sequence[Job[Any]]) -> None:
        """Commit jobs together or, if one fails, one by one; on the calling thread."""
        try:
            transaction = self._attempt(jobs, guarded=False)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - each job meets its own below
            log.debug("group replayed", jobs=len(jobs), error=type(error).__name__)
            for job in jobs:
                self._alone(job)
        else:
            self._after(transaction)

    def _alone(self, job: Job[Any]) -> None:
        """Commit one job by itself; its failure is handed to whoever waits for it."""
        try:
            transaction = self._attempt([job], guarded=True)
        except Exception as error:  # noqa: BLE001 - it is the waiter's
            job.error = error
        else:
            self._after(transaction)

    def _attempt(self, jobs: Sequence[Job[Any]], *, guarded: bool) -> Transaction:
        with self._database.write.connect() as connection, connection.begin():
            session = Lent(connection, self._recall)
            transaction = Transaction(
                session, connection, self._statements, guarded, recall=self._recall
            )
            try:
                for job in jobs:
                    job.result = job.work(transaction)
                transaction.finish()
            except BaseException:
                self._recall.clear()
                raise
            finally:
                session.give_back()
        return transaction

    def _after(self, transaction: Transaction) -> None:
        """Let others know, now that it is true."""
        if transaction.communities_changed:
            self._recall.clear()
            self.on_communities()
        if transaction.acts_waiting:
            self._bell.ring()
        if transaction.timers_changed:
            self.on_timers()

    def _work(self) -> None:
        stopping = False
        while not stopping:
            jobs = [self._queue.get()]
            while len(jobs) < self._most and jobs[-1] is not None and not self._queue.empty():
                jobs.append(self._queue.get())
            stopping = jobs[-1] is None
            group = [job for job in jobs if job is not None]
            try:
                self.commit(group)
            except BaseException as error:
                for job in group:
                    job.error = job.error or error
                raise
            finally:
                self._wake(group)

    def _wake(self, group: Sequence[Job[Any]]) -> None:
        """Resolve a whole group in one step of the loop that waits for it."""
        resolves = [job.resolve for job in group if job.resolve is not None]
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(lambda: [resolve() for resolve in resolves])
