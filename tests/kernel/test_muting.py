"""Who mutes Weaver is left alone for a while; who asks for a pause is heard, and not named."""

from datetime import timedelta

import pytest

from bot.domain.actions import SendPost
from bot.testing import GRACE, HOST, NOON
from tests.kernel.conftest import Plant
from tests.kernel.garden import GARDEN, SHED, TEA, Garden, says
from tests.kernel.orchard import ORCHARD, TOWARDS_ADA, TREES, asks, notes, repost

DAY = timedelta(days=1)


@pytest.fixture
def garden(plant: Plant) -> Garden:
    return plant(notes(), communities=(GARDEN, ORCHARD))


def passes(garden: Garden, days: float) -> None:
    """Time goes by in the communities, and what is due by then happens."""
    garden.clock.move(garden.clock.now() + days * DAY)
    garden.run(garden.weaver.scheduler.tick())
    garden.delivers()


@pytest.mark.parametrize("act", TOWARDS_ADA.values(), ids=TOWARDS_ADA)
def test_who_mutes_is_left_alone_everywhere_until_it_is_over(garden: Garden, act: object) -> None:
    garden.adapter.known.add("post-1")
    garden.hears(says("Look.", 1))
    said = asks(garden, "me mute 3", space=TREES)
    assert said.text.startswith("Done. Until Thursday 5 March Weaver does nothing towards you")

    garden.decides(act)  # type: ignore[arg-type]
    passes(garden, 2.9)
    assert not garden.adapter.sent

    passes(garden, 0.1)
    assert not garden.adapter.sent, "what it would have done is left out"
    garden.decides(repost("later"))
    garden.delivers()
    assert len(garden.adapter.sent) == 1


def test_a_mute_is_of_one_member_alone(garden: Garden) -> None:
    garden.adapter.known.add("post-1")
    garden.hears(says("Look.", 1))
    asks(garden, "me mute", GRACE)
    garden.decides(repost("act"))
    garden.delivers()

    assert len(garden.adapter.sent) == 1


def test_after_a_mute_every_word_stands_as_it_was(garden: Garden) -> None:
    asks(garden, "me yes amplify")
    asks(garden, "me no welcome")
    asks(garden, "me mute 30")
    answer = asks(garden, "me")
    assert "pass your tagged posts on: you said yes" in answer.text
    assert "greet you when you arrive: you said no" in answer.text
    assert "You muted Weaver until Wednesday 1 April" in answer.text
    assert "me unmute" in [button.command for button in answer.buttons]

    asks(garden, "me unmute")
    answer = asks(garden, "me")
    assert "muted" not in answer.text
    assert "pass your tagged posts on: you said yes" in answer.text
    assert "me mute 7" in [button.command for button in answer.buttons]


def test_a_mute_is_ended_by_its_command_by_start_and_outlives_a_restart(garden: Garden) -> None:
    garden.adapter.known.add("post-1")
    garden.hears(says("Look.", 1))
    for number, end in enumerate(("me unmute", "start")):
        asks(garden, "me mute 9")
        garden.close()
        garden.start()
        garden.decides(repost(f"muted-{number}"))
        garden.delivers()
        assert len(garden.adapter.sent) == number

        assert asks(garden, end).text.startswith("Welcome back.")
        garden.decides(repost(f"after-{number}"))
        garden.delivers()
        assert len(garden.adapter.sent) == number + 1


def test_a_second_mute_replaces_the_first(garden: Garden) -> None:
    asks(garden, "me mute 30")
    asks(garden, "me mute 1")
    passes(garden, 1.5)

    assert "muted" not in asks(garden, "me").text


@pytest.mark.parametrize("days", ["0", "91", "-1", "a week", "7 weeks", "1000000"])
def test_a_mute_that_cannot_be_is_answered(garden: Garden, days: str) -> None:
    said = asks(garden, f"me mute {days}")

    assert said.mistake
    assert "from 1 to 90" in said.text
    assert "muted" not in asks(garden, "me").text


def told(garden: Garden) -> list[SendPost]:
    sent = (act for act in garden.adapter.sent if isinstance(act, SendPost))
    return [act for act in sent if act.space == SHED]


def test_hosts_see_that_somebody_asks_for_a_pause_once_a_day_and_not_who(garden: Garden) -> None:
    garden.clock.move(NOON + timedelta(hours=11, minutes=55))  # five to midnight
    said = asks(garden, "me pause")
    assert not said.mistake
    assert [button.command for button in said.buttons] == ["me mute 7"]
    passes(garden, 0.01)
    asks(garden, "pause", GRACE, TEA)

    [notice] = told(garden)
    assert "Somebody here asks that Weaver pause" in notice.text
    assert [button.command for button in notice.buttons] == ["pause"]
    assert "ada" not in notice.text.casefold() + notice.key
    assert [act.actor for act in garden.acts] == [None], "the ledger does not name who asked"

    passes(garden, 1)
    asks(garden, "pause")
    assert len(told(garden)) == 2
    assert asks(garden, "pause", HOST).text.startswith("Weaver is quiet here from now on")


def test_only_hosts_let_weaver_go_on(garden: Garden) -> None:
    asks(garden, "pause", HOST)

    assert (
        asks(garden, "resume").text == "Only hosts can let Weaver go on. You can ask one of them."
    )
    assert not told(garden)
