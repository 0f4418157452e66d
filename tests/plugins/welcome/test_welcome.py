"""Welcome in a whole Weaver: once, in the open, whatever restarts in between."""

from datetime import timedelta

import pytest

from bot.domain.actions import SendPost
from bot.domain.model import Member, Space
from bot.testing import ADA, GRACE, Harness
from plugins.welcome import plugin

ROBOT = Member("fake", "robot", "Robot", is_bot=True)


@pytest.fixture
def bot() -> Harness:
    """Run Weaver with welcome in the garden."""
    return Harness(
        plugin, rhythm="on Tuesdays", signposts={"roses": "#GardenRoses", "herbs": "#GardenHerbs"}
    )


def _words(bot: Harness) -> list[str]:
    return [act.text for act in bot.sent if isinstance(act, SendPost)]


def test_a_newcomer_is_greeted_by_name_where_they_arrive(bot: Harness) -> None:
    bot.joins(ADA)

    [greeting] = bot.sent
    assert isinstance(greeting, SendPost)
    assert greeting.space == bot.lobby
    assert [button.command for button in greeting.buttons] == ["welcome later"]
    assert "Ada" in greeting.text


def test_the_greeting_tells_the_rhythm_and_every_signpost(bot: Harness) -> None:
    bot.joins(ADA)

    [words] = _words(bot)
    for said in ("on Tuesdays", "#GardenRoses", "roses", "#GardenHerbs", "herbs"):
        assert said in words


def test_without_settings_the_greeting_is_whole() -> None:
    bot = Harness(plugin)
    bot.joins(ADA)

    [words] = _words(bot)
    assert "Ada" in words
    assert "We talk" not in words
    assert "  " not in words


def test_a_member_who_returns_is_not_greeted_again(bot: Harness) -> None:
    bot.joins(ADA)
    bot.passes(timedelta(days=400))
    bot.joins(ADA)
    bot.joins(ADA, bot.chat)

    assert len(bot.sent) == 1


def test_nobody_is_greeted_again_after_a_restart(bot: Harness) -> None:
    bot.joins(ADA)
    bot.restarts()
    bot.joins(ADA)

    assert len(bot.sent) == 1


def test_everybody_is_greeted(bot: Harness) -> None:
    bot.joins(ADA)
    bot.joins(GRACE)

    assert len(bot.sent) == 2


def test_a_bot_is_not_greeted(bot: Harness) -> None:
    bot.joins(ROBOT)

    assert not bot.sent
    assert not bot.tells(ROBOT)["arrived"]


def test_somebody_in_a_space_of_nobodys_is_not_greeted(bot: Harness) -> None:
    bot.joins(ADA, Space("fake", "elsewhere"))

    assert not bot.sent


def test_the_greeting_says_why_without_naming_anybody(bot: Harness) -> None:
    bot.joins(ADA)

    [act] = bot.ledger
    assert act.why
    assert "Ada" not in act.why
    assert "ada" not in act.key


def test_anybody_can_see_the_greeting_beforehand(bot: Harness) -> None:
    assert "Priya" in bot.calls(ADA, "welcome preview Priya")
    assert "Sam" in bot.calls(ADA, "welcome preview")
    assert not bot.sent


def test_a_member_is_told_when_they_arrived(bot: Harness) -> None:
    bot.joins(ADA)

    assert bot.tells(ADA) == {
        "arrived": {"garden": bot.now.isoformat()},
        "met": {"garden": "greeted"},
        "profile": {},
        "look_in": {},
        "greets": {},
    }
    assert not bot.tells(GRACE)["arrived"]


def test_who_was_forgotten_is_not_greeted_a_second_time(bot: Harness) -> None:
    bot.joins(ADA)
    bot.forgets(ADA)
    assert not bot.tells(ADA)["arrived"]

    bot.joins(ADA)

    assert len(bot.sent) == 1
