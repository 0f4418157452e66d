"""What chats writes down for others: when and where people met, and nothing of who."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from bot.kernel.statements import OCCASIONS
from bot.testing import HOST, Harness

WEEKLY = 'chats schedule "Tuesdays 7:30 pm" "Wrong answers" What did you try? / What next?'


def held(bot: Harness) -> list[tuple[str, str, datetime, datetime]]:
    columns = (OCCASIONS.c.space, OCCASIONS.c.kind, OCCASIONS.c.begins, OCCASIONS.c.ends)
    with bot.weaver.database.read.connect() as connection:
        return [tuple(row) for row in connection.execute(select(*columns))]


def test_a_session_is_written_down_when_it_opens_and_again_when_it_ends(bot: Harness) -> None:
    bot.calls(HOST, WEEKLY)
    assert held(bot) == []
    begins = datetime(2026, 3, 3, 19, 30, tzinfo=UTC)

    bot.passes_to(begins + timedelta(minutes=1))
    assert held(bot) == [(bot.chat.key, "session", begins, begins + timedelta(hours=1))]

    bot.passes(timedelta(days=1))
    assert held(bot) == [(bot.chat.key, "session", begins, begins + timedelta(hours=1))]


def test_a_session_that_goes_on_for_longer_is_longer(bot: Harness) -> None:
    bot.calls(HOST, WEEKLY)
    begins = datetime(2026, 3, 3, 19, 30, tzinfo=UTC)
    bot.passes_to(begins + timedelta(minutes=1))
    bot.calls(HOST, "chats extend minutes:15")
    bot.passes(timedelta(days=1))

    [(_, _, at, ends)] = held(bot)
    assert at == begins
    assert ends > begins + timedelta(hours=1)
