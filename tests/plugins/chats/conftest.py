"""A Weaver with chats, and what it said with the time it said it."""

from collections.abc import Callable

import pytest

from bot.domain.actions import SendPost
from bot.testing import Harness
from plugins.chats import plugin

Said = Callable[[], list[str]]


@pytest.fixture
def bot() -> Harness:
    return Harness(plugin)


@pytest.fixture
def said(bot: Harness) -> Said:
    """Give what was posted in the tea room: when it was decided, and how it begins."""

    def read() -> list[str]:
        decided = {act.key: act.at for act in bot.ledger}
        return [
            f"{decided[act.key]:%d %H:%M} {act.text}"
            for act in bot.sent
            if isinstance(act, SendPost) and act.space == bot.chat
        ]

    return read


@pytest.fixture
def told(bot: Harness) -> Said:
    """Give what the hosts were told, but for the notes that go with every chat."""
    usual = (" follows at ", "Nobody has answered", "Its transcript is ready")
    return lambda: [words for words in bot.told if not any(part in words for part in usual)]
