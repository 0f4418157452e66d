"""A community that is erased leaves nothing behind, and no later one inherits from it."""

from datetime import timedelta

from sqlalchemy import func, select

from bot.api import Member
from bot.kernel.founding import _OWN, _bury
from bot.kernel.statements import BOTS, DAYS, LEDGER, OCCASIONS, POSTS, SPACES, table
from bot.kernel.writer import Transaction
from bot.storage.types import CoreTable
from bot.testing import ADA, HOST, Harness
from plugins.pulse import plugin

FEED = Member("fake", "feed", "Feed")


def test_every_table_that_names_a_community_is_erased() -> None:
    naming = {one.name for one in CoreTable.metadata.tables.values() if "community" in one.c}

    erased = {table(row).name for row in _OWN} | {LEDGER.name, SPACES.name}
    assert {name for name in naming if name.startswith("core_")} <= erased


def test_accounts_that_were_said_to_be_bots_and_days_go_with_their_community() -> None:
    bot = Harness(plugin)
    for number in range(30):
        bot.posts(FEED if number % 2 else ADA, f"Headline {number}")
        bot.passes(timedelta(hours=1))
    bot.passes(timedelta(days=8))
    bot.calls(HOST, "pulse bot 1")

    def work(transaction: Transaction) -> tuple[list[int], list[int]]:
        def held() -> list[int]:
            tables = (BOTS, OCCASIONS, DAYS, POSTS, SPACES)
            query = [select(func.count()).select_from(one) for one in tables]
            return [int(transaction.connection.execute(one).scalar_one()) for one in query]

        before = held()
        _bury(transaction, "garden", [])
        return before, held()

    before, after = bot._run(bot.weaver.writer.write(work))
    assert before[0] == 1
    assert all(before[2:])
    assert after == [0] * 5
