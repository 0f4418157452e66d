"""What members ask about themselves holds for every act, in every community, on any platform."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.actions import (
    Action,
    Answer,
    DirectMessage,
    GiveRole,
    Reply,
    SendPost,
)
from bot.domain.events import PostSeen
from bot.domain.model import Space
from bot.domain.ports import Declined
from bot.kernel.consent import EVERYTHING, EVERYWHERE, stopped
from bot.kernel.statements import LEDGER
from bot.plugin import Context
from bot.storage.members import ConsentRow
from bot.testing import ADA, GRACE
from tests.kernel.conftest import Plant
from tests.kernel.garden import GARDEN, LOBBY, TEA, WHY, Deaf, Garden, says
from tests.kernel.orchard import ASKED, ORCHARD, TOWARDS_ADA, TREES, asks, notes, repost


@pytest.fixture
def garden(plant: Plant) -> Garden:
    return plant(notes(), communities=(GARDEN, ORCHARD))


@pytest.mark.parametrize("act", TOWARDS_ADA.values(), ids=TOWARDS_ADA)
@pytest.mark.parametrize("where", [LOBBY, TREES], ids=["here", "elsewhere"])
def test_who_says_stop_gets_no_further_act_wherever_it_was_said(
    garden: Garden, act: Action, where: Space
) -> None:
    garden.adapter.known.add("post-1")
    garden.hears(says("Look.", 1))
    asks(garden, "stop", space=where)

    garden.decides(act)
    garden.delivers()

    assert garden.adapter.calls == []
    assert garden.act(act.key).state == "cancelled"
    assert garden.act(act.key).error in (
        "the author said no before it was done",
        "they asked Weaver to stop",
    )


@pytest.mark.parametrize("act", TOWARDS_ADA.values(), ids=TOWARDS_ADA)
def test_the_stop_of_one_is_no_stop_of_another(garden: Garden, act: Action) -> None:
    garden.adapter.known.add("post-1")
    garden.hears(says("Look.", 1))
    asks(garden, "stop", GRACE)

    garden.decides(act)
    garden.delivers()

    assert garden.act(act.key).state == "done"


def test_who_says_stop_has_their_reposts_taken_back(garden: Garden) -> None:
    garden.adapter.known.add("post-1")
    garden.decides(repost("1"), repost("2"), repost("3", GRACE))
    garden.decides(SendPost("notes:garden:hello", LOBBY, "Hello.", why=WHY, grounds=ASKED))
    garden.delivers()

    answer = asks(garden, "stop")

    assert "2 posts of yours that it had passed on are taken back" in answer.text
    assert "say start" in answer.text
    assert set(garden.adapter.made) == {"notes:garden:3", "notes:garden:hello"}
    assert garden.act("notes:garden:1").state == "undone"


def test_a_repost_that_may_have_come_about_unheard_is_taken_back(plant: Plant) -> None:
    garden = plant(notes(), backoff=lambda _: 60.0)
    garden.adapter.known.add("post-1")
    garden.adapter.moods["notes:garden:1"] = [Deaf()]
    garden.decides(repost("1"))
    garden.delivers()
    assert list(garden.adapter.made) == ["notes:garden:1"]

    asks(garden, "stop")

    assert not garden.adapter.made
    assert garden.act("notes:garden:1").state == "cancelled"


def test_a_repost_that_was_given_up_but_may_have_come_about_is_taken_back(plant: Plant) -> None:
    garden = plant(notes())
    garden.adapter.known.add("post-1")
    garden.adapter.moods["notes:garden:1"] = [Deaf() for _ in range(8)]
    garden.decides(repost("1"))
    garden.delivers()
    assert garden.act("notes:garden:1").state == "dead"
    assert "notes:garden:1" in garden.adapter.made

    asks(garden, "stop")

    assert "notes:garden:1" not in garden.adapter.made


def test_after_stop_a_yes_holds_for_what_it_is_said_to(garden: Garden) -> None:
    garden.agrees(ADA, "amplify", given=True)
    asks(garden, "stop")
    assert "does nothing towards single" not in asks(garden, "me").text
    asks(garden, "me yes amplify")

    garden.adapter.known.add("post-1")
    garden.decides(repost("1"), DirectMessage("notes:garden:2", LOBBY, ADA, "Hello.", why=WHY))
    garden.delivers()

    assert garden.states["notes:garden:1"] == "done"
    assert garden.states["notes:garden:2"] == "cancelled"


def test_start_brings_back_no_yes_and_forgets_no_no(garden: Garden) -> None:
    garden.agrees(ADA, "amplify", given=True)
    asks(garden, "me no welcome")
    asks(garden, "stop")

    assert asks(garden, "start").text.startswith("Welcome back.")
    told = asks(garden, "me").text

    assert "pass your tagged posts on: you have not said" in told
    assert "greet you when you arrive: you said no" in told
    garden.adapter.known.add("post-1")
    garden.decides(repost("1"))
    garden.delivers()
    assert garden.states["notes:garden:1"] == "done"


def test_start_without_a_stop_changes_nothing(garden: Garden) -> None:
    assert asks(garden, "start").text.startswith("You had not asked")


def test_what_a_member_asks_for_by_command_needs_no_other_consent(plant: Plant) -> None:
    plugin = notes()

    @plugin.command(audience="members")
    def role(call: Any, ctx: Any) -> Any:
        """Have a role."""
        yield GiveRole(ctx.key("role"), LOBBY, call.member, "gardener", why=WHY)
        return Answer("It is yours.")

    garden = plant(plugin)
    asks(garden, "stop")
    asks(garden, "notes role")

    assert [act.state for act in garden.acts if act.kind == "GiveRole"] == ["done"]


def test_a_no_to_one_purpose_takes_back_what_rests_on_it_here(garden: Garden) -> None:
    garden.adapter.known.add("post-1")
    garden.decides(repost("1"))
    garden.delivers()

    answer = asks(garden, "stop amplify")

    assert answer.text.startswith("Noted: Weaver does not pass your tagged posts on any more. The")
    assert garden.states["notes:garden:1"] == "undone"
    assert asks(garden, "me yes amplify").text.startswith("Noted: Weaver may pass your")


def test_a_stop_outlives_a_restart_and_is_one_row(garden: Garden) -> None:
    asks(garden, "stop")
    asks(garden, "stop", space=TEA)
    garden.close()
    garden.start()
    garden.decides(DirectMessage("notes:garden:1", LOBBY, ADA, "Hello.", why=WHY))
    garden.delivers()

    assert garden.states["notes:garden:1"] == "cancelled"
    assert garden.count(ConsentRow) == 1
    assert EVERYWHERE == EVERYTHING


def test_adapters_can_ask_who_stopped_until_they_start_again(garden: Garden) -> None:
    def who(platform: str) -> list[str]:
        with garden.database.read.connect() as connection:
            return stopped(connection, platform)

    asks(garden, "stop")
    assert (who(ADA.platform), who("elsewhere")) == ([ADA.id], [])

    asks(garden, "start")
    assert who(ADA.platform) == []


def test_the_ledger_names_whom_an_act_concerns_by_a_hash_alone(garden: Garden) -> None:
    garden.decides(repost("1"))

    with garden.database.read.connect() as connection:
        [row] = connection.execute(LEDGER.select()).mappings().all()

    assert row["concerns"] == garden.weaver.keyring.hashed(ADA.key)


@pytest.mark.parametrize("heard", [True, False])
def test_what_a_platform_says_no_to_is_declined_and_left_nothing(plant: Plant, heard: bool) -> None:
    garden = plant(notes())
    garden.adapter.known.add("post-1")
    no = Declined("the author no longer follows the audience")
    garden.adapter.moods["notes:garden:1"] = [no] if heard else [Deaf(), no]
    garden.decides(repost("1"))
    garden.delivers()

    act = garden.act("notes:garden:1")
    assert (act.state, act.error) == ("declined", "the author no longer follows the audience")
    assert not garden.adapter.made
    assert not garden.told, "nobody needs to mend it"


def test_what_cannot_be_taken_back_yet_is_tried_again(plant: Plant) -> None:
    garden = plant(notes())
    garden.adapter.known.add("post-1")
    no = Declined("they blocked the account")
    garden.adapter.moods["notes:garden:1"] = [Deaf(), no, ConnectionError("cut"), no]
    garden.decides(repost("1"))
    garden.delivers()

    assert garden.act("notes:garden:1").state == "declined"
    assert not garden.adapter.made


def test_an_act_towards_a_post_that_was_just_heard_names_its_author(plant: Plant) -> None:
    plugin = notes()

    @plugin.on(PostSeen)
    def answer(event: PostSeen, ctx: Context[Any]) -> Iterator[Action]:
        yield Reply(ctx.key("answer", event.post), LOBBY, event.post.id, "Yes", why=WHY)

    garden = plant(plugin)
    garden.hears(says("hello"))

    with garden.database.read.connect() as connection:
        [concerned] = connection.execute(select(LEDGER.c.concerns)).scalars()
    assert concerned is not None
