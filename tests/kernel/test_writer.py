"""One writer: jobs are committed in their order, in groups, and each waiter gets its own result."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import event as hooks
from sqlmodel import Session, select

from bot.kernel.writer import Transaction, Writer
from bot.storage.database import Database
from bot.storage.tables import MetaRow
from tests.kernel.conftest import Plant
from tests.kernel.garden import Garden


def keeping(name: str) -> Any:
    def work(transaction: Transaction) -> str:
        transaction.session.add(MetaRow(name=name, value=name))
        return name

    return work


def failing(transaction: Transaction) -> None:
    transaction.session.add(MetaRow(name="half", value="half"))
    transaction.session.flush()
    raise LookupError("no")


def kept(garden: Garden) -> set[str]:
    with Session(garden.database.read) as session:
        rows = session.exec(select(MetaRow)).all()
    return {row.name for row in rows} - {"fingerprint"}


def test_everybody_gets_the_result_of_their_own_job(plant: Plant) -> None:
    garden = plant(deliver=False)

    async def story() -> list[Any]:
        jobs = [keeping("a"), failing, keeping("b"), keeping("c")]
        written = (garden.weaver.writer.write(job) for job in jobs)
        return await asyncio.gather(*written, return_exceptions=True)

    first, error, *others = garden.run(story())
    assert [first, *others] == ["a", "b", "c"]
    assert isinstance(error, LookupError)
    assert kept(garden) == {"a", "b", "c"}


def test_jobs_that_wait_together_are_committed_together(plant: Plant) -> None:
    garden = plant(deliver=False)
    commits: list[Any] = []
    hooks.listen(garden.database.write, "commit", commits.append)

    async def story() -> None:
        free = asyncio.Event()
        loop = asyncio.get_running_loop()

        def waiting(transaction: Transaction) -> None:
            asyncio.run_coroutine_threadsafe(free.wait(), loop).result(20)

        jobs = [waiting, *(keeping(str(number)) for number in range(100))]
        written = [asyncio.create_task(garden.weaver.writer.write(job)) for job in jobs]
        await asyncio.sleep(0.05)
        free.set()
        await asyncio.gather(*written)

    garden.run(story())
    assert len(kept(garden)) == 100
    assert len(commits) <= 4, "one for who waited, then groups of up to 64"


def test_who_gives_up_waiting_does_not_undo_the_job(plant: Plant) -> None:
    garden = plant(deliver=False)

    async def story() -> None:
        waiting = asyncio.create_task(garden.weaver.writer.write(keeping("a")))
        await asyncio.sleep(0)
        waiting.cancel()
        await garden.weaver.writer.write(keeping("b"))

    garden.run(story())
    assert kept(garden) == {"a", "b"}


def test_a_full_queue_makes_writers_wait_and_loses_none(database: Database) -> None:
    class Silent:
        def ring(self) -> None:
            pass

        async def wait(self, seconds: float) -> None:
            pass

    async def story() -> int:
        writer = Writer(database, Silent(), room=2)
        writer.start()
        written = await asyncio.gather(*(writer.write(keeping(str(n))) for n in range(50)))
        await writer.stop()
        return len(written)

    assert asyncio.run(story()) == 50
    with Session(database.read) as session:
        assert len(session.exec(select(MetaRow)).all()) == 50


def test_what_is_queued_when_it_stops_is_written(plant: Plant) -> None:
    garden = plant(deliver=False)

    async def story() -> None:
        for name in "abc":
            asyncio.create_task(garden.weaver.writer.write(keeping(name)))  # noqa: RUF006
        await asyncio.sleep(0)
        await garden.weaver.writer.stop()

    garden.run(story())
    assert kept(garden) == {"a", "b", "c"}


def test_a_session_that_is_lent_cannot_be_ended(plant: Plant) -> None:
    garden = plant(deliver=False)
    for end in ("commit", "rollback", "close"):
        with pytest.raises(RuntimeError):
            garden.write(lambda transaction, end=end: getattr(transaction.session, end)())
