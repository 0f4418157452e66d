"""Two communities that one Weaver looks after: who plans a chat hears when the other meets."""

from functools import partial

import pytest

from bot.domain.model import Community, Space
from bot.kernel.provision import Provision, provision
from bot.testing import HOST, Harness
from plugins.chats import plugin

YARD = Space("fake", "yard", "Yard", "chat")
ORCHARD = Community("orchard", "The orchard", "UTC", spaces=(YARD,), hosts=frozenset({HOST.key}))
WARNING = "Another community here, orchard, meets at the same hour, first on "


@pytest.fixture
def bot() -> Harness:
    """Give a Weaver that looks after an orchard too, which meets on Tuesdays."""
    bot = Harness(plugin)
    wanted = [Provision(one, ("chats",), {}) for one in (bot.community, ORCHARD)]
    plant = partial(provision, wanted=wanted, plugins=bot.weaver.plugins)
    bot._run(bot.weaver.writer.write(plant))
    bot.weaver.reload()
    planned = bot.calls(HOST, 'chats schedule "Tuesdays 8 pm" Pruning Which?', YARD)
    assert planned.startswith("Planned as chat 1")
    assert "Another community" not in planned
    return bot


def test_the_answer_says_that_another_community_meets_then(bot: Harness) -> None:
    told = bot.calls(HOST, 'chats schedule "Tuesdays 7:30 pm" Roses Which?')

    assert told.startswith("Planned as chat 1")
    assert f"{WARNING}Tuesday 3 March at 7:30 pm London time" in told


@pytest.mark.parametrize("when", ["Wednesdays 8 pm", "Tuesdays 9 pm UTC", "Tuesdays 7 pm UTC"])
def test_another_day_or_hour_is_no_matter(bot: Harness, when: str) -> None:
    assert "Another community" not in bot.calls(HOST, f'chats schedule "{when}" Roses Which?')


def test_clocks_that_change_may_bring_two_communities_together(bot: Harness) -> None:
    told = bot.calls(HOST, 'chats schedule "Tuesdays 9 pm" Roses Which?')

    assert f"{WARNING}Tuesday 31 March at 9 pm London time (8 pm UTC)" in told


def test_a_chat_that_was_cancelled_meets_nobody(bot: Harness) -> None:
    bot.calls(HOST, "chats cancel 1", YARD)

    assert "Another community" not in bot.calls(HOST, 'chats schedule "Tuesdays 8 pm" Roses Which?')
