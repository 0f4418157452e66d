"""Deliver what was decided: claim, gate, perform, settle. The only caller of ``perform``."""

from __future__ import annotations

import asyncio
import os
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from sqlalchemy import RowMapping, select, update

from bot.domain.actions import NotifyHosts, Undo
from bot.domain.events import Delivered, Failed
from bot.domain.ports import Adapter, Bell, Declined, Gone, Rejected, TryLater
from bot.kernel.consent import Gate, Go, Hold, Stop, Verdict, in_time, taking_back
from bot.kernel.dispatch import Ring, Turn, wordless
from bot.kernel.ledger import TRIES
from bot.kernel.onward import linked
from bot.kernel.settled import Settled, doubling
from bot.kernel.statements import LEDGER
from bot.kernel.writer import Transaction
from bot.storage.types import micros

log = structlog.get_logger()
LEASE = timedelta(seconds=30)
SHARE = 0.8
"""Share of the lease that performing may take, so that nobody else takes the act over meanwhile."""
NAP = 5.0
"""Seconds after which delivery looks for itself, whatever the bell says."""
WIDTH = 20
Claimed = list[tuple[RowMapping, Verdict]]
"""Acts that were claimed and go on; none of them, where the gate stopped them all."""


class Delivery:
    """Perform the ledger's open acts, each conversation in order, many at once."""

    def __init__(  # noqa: PLR0913 - the ports it works between
        self,
        ring: Ring,
        adapters: Mapping[str, Adapter],
        bell: Bell,
        gate: Gate,
        *,
        lease: timedelta = LEASE,
        backoff: Callable[[int], float] | None = None,
    ) -> None:
        self._ring, self._adapters, self._bell, self._gate = ring, adapters, bell, gate
        self._lease, self._backoff = lease, backoff or doubling
        self._me = f"{os.getpid()}:{uuid.uuid4().hex[:8]}"
        self._running: set[asyncio.Task[None]] = set()
        self._resting: dict[str, datetime] = {}
        self._idle = asyncio.Event()
        self._asked = self._answered = 0
        self._taking = asyncio.Lock()
        self._next_due: datetime | None = None
        self._stopping = False

    def _real(self) -> datetime:
        return self._ring.real()

    async def run(self) -> None:
        """Deliver until stopped."""
        while not self._stopping:
            asked = self._asked  # a look that began earlier answers no later question
            if not await self._take():
                if not self._running:
                    self._answered = asked
                    self._idle.set()
                await self._bell.wait(self._nap())

    async def _take(self) -> bool:
        """Begin to deliver what can be claimed; False when there is nothing."""
        async with self._taking:
            room = WIDTH - len(self._running)
            claimed = await self._claim(room) if room else None
            for row, verdict in claimed or ():
                task = asyncio.create_task(self._deliver(row, verdict))
                self._running.add(task)
                task.add_done_callback(self._done)
        return claimed is not None

    async def drain(self) -> None:
        """Return once nothing that is due is left to do."""
        self._asked = asked = self._asked + 1
        self._bell.ring()
        while self._answered < asked:
            self._idle.clear()
            await self._idle.wait()

    def claim_no_more(self) -> None:
        """Leave in the queue what is not in flight."""
        self._stopping = True
        self._bell.ring()

    async def stop(self, seconds: float = 10.0) -> None:
        """Claim no more and give what is in flight time to finish; the rest stays queued."""
        self.claim_no_more()
        async with self._taking:
            pass  # what is being claimed is in flight too
        if self._running:
            await asyncio.wait(self._running, timeout=seconds)
        for task in self._running:
            task.cancel()

    def release(self, transaction: Transaction) -> int:
        """Free the acts that a process which is surely gone had claimed.

        Its end says nothing of the platform, so it is none of their tries: however often Weaver is
        killed, an act is not given up for that.
        """
        return transaction.connection.execute(
            update(LEDGER)
            .where(LEDGER.c.state == "sending", LEDGER.c.owner != self._me)
            .values(state="todo", lease=None, last_try=LEDGER.c.last_try + 1)
        ).rowcount

    def _done(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("delivery failed", **wordless(error))
        self._bell.ring()

    async def _claim(self, room: int) -> Claimed | None:
        """Claim heads of lanes that are due; what the gate stops is settled on the spot."""
        if self._stopping:
            return None
        return await self._ring.writer.write(partial(self._claim_now, room))

    def _claim_now(self, room: int, transaction: Transaction) -> Claimed | None:
        now = self._real()
        self._resting = {account: until for account, until in self._resting.items() if until > now}
        claimed = transaction.connection.execute(
            transaction.statements.claim,
            {
                "owner": self._me,
                "now": micros(now),
                "lease": micros(now + self._lease),
                "count": room,
                "resting": list(self._resting) or [""],
            },
        ).scalars()
        query = select(LEDGER).where(LEDGER.c.seq.in_(list(claimed))).order_by(LEDGER.c.seq)
        rows = transaction.connection.execute(query).mappings().all()
        found: Claimed = []
        here = self._ring.clock.now()
        for row in rows:
            verdict = in_time(self._gate.look(transaction.connection, row), row, here)
            if isinstance(verdict, Hold):
                self._hold(transaction, row, verdict.why)
            elif isinstance(verdict, Stop) and verdict.retract is None:
                self._settle(row, Settled("cancelled", error=verdict.why), transaction)
            else:
                found.append((row, verdict))
        self._next_due = transaction.connection.execute(
            select(LEDGER.c.due)
            .where(LEDGER.c.state == "todo", LEDGER.c.due > now)
            .order_by(LEDGER.c.due)
            .limit(1)
        ).scalar()
        return found if rows else None

    def _nap(self) -> float:
        """Seconds until the next act is due, at most five."""
        waiting = [due for due in (self._next_due, *self._resting.values()) if due is not None]
        if not waiting:
            return NAP
        return min(NAP, max(0.01, (min(waiting) - self._real()).total_seconds()))

    def _hold(self, transaction: Transaction, row: RowMapping, why: str) -> None:
        transaction.connection.execute(
            update(LEDGER)
            .where(LEDGER.c.seq == row["seq"])
            .values(state="held", owner=None, lease=None, attempts=row["attempts"] - 1, error=why)
        )

    async def _deliver(self, row: RowMapping, verdict: Verdict) -> None:
        """Perform one act, or take back one that may have come about, and settle it."""
        settled = await self._attempt(row, verdict)
        log.info(
            "act",
            key=row["key"],
            kind=row["kind"],
            community=row["community"],
            attempt=row["attempts"],
            state=settled.state,
        )
        if settled.rest is not None:
            self._resting[row["account"]] = self._real() + timedelta(seconds=settled.rest)
        await self._ring.writer.write(partial(self._settle, row, settled))

    async def _attempt(self, row: RowMapping, verdict: Verdict) -> Settled:
        go = verdict.retract if isinstance(verdict, Stop) else verdict
        assert isinstance(go, Go)
        adapter = self._adapters.get(row["account"].partition(":")[0])
        if adapter is None:
            return Settled("dead", error="no platform of that name is connected")
        try:
            async with asyncio.timeout(self._lease.total_seconds() * SHARE):
                action = await linked(go.action, go.delivery, self._adapters)
                receipt = await adapter.perform(action, go.delivery)
        except Declined as no:
            return await self._retracted(row, adapter, go, str(no))
        except Gone as gone:
            return Settled("cancelled", error=str(gone))
        except Rejected as refusal:
            return Settled("dead", error=str(refusal))
        except TryLater as wait:
            return self._again(row, str(wait) or "the platform is busy", wait.after)
        except Exception as error:  # noqa: BLE001 - whatever it is, the outcome is unknown
            words = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
            return self._again(row, words, None)
        if isinstance(verdict, Stop):
            return Settled("cancelled", error=verdict.why)
        return Settled("done", receipt=receipt)

    async def _retracted(self, row: RowMapping, adapter: Adapter, go: Go, why: str) -> Settled:
        """Leave an act undone that its member does not want, earlier attempts included."""
        if row["attempts"] > 1 and not isinstance(go.action, Undo):
            back = taking_back(row, go.delivery, why)
            try:
                async with asyncio.timeout(self._lease.total_seconds() * SHARE / 4):
                    await adapter.perform(back.action, back.delivery)
            except Exception as error:  # noqa: BLE001 - it is tried again with the act itself
                return self._again(row, f"{why}; taking it back: {type(error).__name__}", None)
        return Settled("declined", error=why)

    def _again(self, row: RowMapping, error: str, after: float | None) -> Settled:
        """Try later, up to eight times; what the platform says about the wait wins."""
        left = row["last_try"] - row["attempts"]
        if left <= 0:
            tries = row["attempts"]
            return Settled("dead", error=f"given up after {tries} tries; the last said: {error}")
        wait = self._backoff(TRIES - left) if after is None else after
        return Settled("todo", error=error, after=wait, rest=after)

    def _settle(self, row: RowMapping, settled: Settled, transaction: Transaction) -> None:
        """Write an outcome, unless another process took the act over, and tell the plugins."""
        real = self._real()
        values: dict[str, Any] = {
            "state": settled.state,
            "error": settled.error,
            "receipt": settled.receipt,
            "lease": None,
        }
        if settled.state == "todo":
            values["due"] = real + timedelta(seconds=settled.after or 0)
            transaction.acts_waiting = True
        else:
            values["settled_at"] = real
        held = transaction.connection.execute(
            update(LEDGER)
            .where(
                LEDGER.c.seq == row["seq"],
                LEDGER.c.owner == self._me,
                LEDGER.c.attempts == row["attempts"],
                LEDGER.c.state == "sending",
            )
            .values(**values)
        )
        if held.rowcount != 1 or settled.state == "todo":
            return
        if row["kind"] == "Undo" and settled.state == "done":
            transaction.connection.execute(
                update(LEDGER)
                .where(LEDGER.c.key == row["target"], LEDGER.c.state.in_(("done", "dead")))
                .values(state="undone")
            )
        self._tell(transaction, row, settled)

    def _tell(self, transaction: Transaction, row: RowMapping, settled: Settled) -> None:
        """Let the outcome come round the ring as an event, and a failure to the hosts."""
        looked = self._ring.registry.communities.get(row["community"])
        if looked is None:
            return
        now, key = self._ring.clock.now(), row["key"]
        if settled.state == "done":
            event: Delivered | Failed = Delivered(
                f"delivered:{key}", now, key, settled.receipt or ""
            )
        else:
            event = Failed(f"failed:{key}", now, key, settled.error or "")
        turn = Turn(transaction, looked, event.id, now)
        self._ring.hand_out(turn, event)
        if settled.state == "dead" and row["plugin"] != "core" and not turn.told:
            text = (
                f"Something Weaver meant to do did not come about ({row['kind']}, number "
                f"{row['seq']} in the ledger): {settled.error}. The operator can try again with: "
                f"weaver ledger retry {row['seq']}"
            )
            why = "Hosts are told of every act that is given up."
            notice = NotifyHosts(f"core:{row['community']}:dead:{row['seq']}", text, why=why)
            self._ring.record(turn, "core", notice)
