"""Whatever people do: nobody is pinged, nothing ends, and no traceback is said in a channel."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from tests.adapters.discord.village import Village

BACKWARDS = "\u202eאדה\u202c"
LOUD = "@everyone"
INTEREST = {"label": "roses", "words": "#roses", "role": "rosarian"}


def say(village: Village) -> list[Any]:
    places = (village.lobby, village.tea, village.shed, village.roses)
    return [one for place in places for one in place.by_bot]


@pytest.fixture
def village(village: Village) -> Iterator[Village]:
    """Hold of every test here that the line stays open, nobody is pinged and nothing leaks."""
    yield village
    message = village.hana.says(village.tea, "Is Weaver still here?")
    village.waits_until(lambda: village.logged(message))
    village.is_quiet()
    assert village.discord.gateway.identifies == 1, "the line stayed open"
    assert not [one.content for one in say(village) if one.pinged]
    words = [one.content for one in say(village)]
    assert not [each for each in words if "Traceback" in each or "Error" in each]


def test_names_of_every_kind_are_greeted_and_ping_nobody(village: Village) -> None:
    village.starts()
    for name in (BACKWARDS, LOUD, "<@123456789012345678>", "`rm -rf`", "a" * 32):
        village.discord.person(name).joins(village.garden)

    village.waits_until(lambda: len(village.lobby.by_bot) == 5, seconds=40)


def test_a_member_who_leaves_while_being_welcomed_does_no_harm(village: Village) -> None:
    village.plugin_settings["welcome"] = {"interests": [INTEREST]}
    village.garden.role("rosarian")
    village.starts()
    saying = village.discord.faults.add("slow", "/messages$", "POST", seconds=0.5)
    ada = village.discord.person("Ada").joins(village.garden)
    village.waits_until(lambda: saying.struck)
    ada.leaves(village.garden)
    village.waits_until(lambda: village.lobby.by_bot)
    village.is_quiet()
    ada.joins(village.garden)
    looking = village.discord.faults.add("slow", "/roles$", "GET", seconds=0.5)
    pressed = ada.presses(village.lobby.by_bot[0], "roses")
    village.waits_until(lambda: looking.struck)

    ada.leaves(village.garden)

    village.waits_until(lambda: pressed.words)
    village.is_quiet()
    [given] = [act for act in village.acts if act.kind == "GiveRole"]
    assert (given.state, given.error) == ("cancelled", "the member has left")
    assert village.shed.by_bot == [], "nobody needs to hear of it"


def test_a_role_that_is_gone_in_the_middle_of_it_does_no_harm(village: Village) -> None:
    village.plugin_settings["welcome"] = {"interests": [INTEREST]}
    role = village.garden.role("rosarian")
    village.starts()
    ada = village.discord.person("Ada").joins(village.garden)
    village.waits_until(lambda: village.lobby.by_bot)
    looking = village.discord.faults.add("slow", "/roles$", "GET", seconds=0.5)
    pressed = ada.presses(village.lobby.by_bot[0], "roses")
    village.waits_until(lambda: looking.struck)
    world = village.discord.world

    village.discord.do(
        lambda: world.remove_role(village.garden.data, world.role(village.garden.id, role))
    )

    village.waits_until(lambda: pressed.words)
    village.is_quiet()
    [given] = [act for act in village.acts if act.kind == "GiveRole"]
    assert (given.state, given.error) == ("cancelled", "the role is gone")


def test_a_channel_that_is_gone_in_the_middle_of_it_does_no_harm(village: Village) -> None:
    village.starts()
    failing = village.discord.faults.add("lost", "/messages$", "POST", seconds=0.5)
    village.discord.person("Ada").joins(village.garden)
    village.waits_until(lambda: failing.struck)

    village.lobby.is_deleted()

    village.waits_until(lambda: [act for act in village.acts if act.state == "dead"])
    village.is_quiet()
    [told] = village.shed.by_bot
    assert "the channel is not there any more" in told.content


STRANGE = 99
"""A value that no enumeration has."""


def test_values_that_nobody_knows_yet_are_passed_over_or_read(village: Village) -> None:
    village.starts()
    gateway, garden = village.discord.gateway, village.garden.data
    message = village.hana.says(village.tea, "Roses.")
    village.waits_until(lambda: village.logged(message))
    place = {"guild_id": garden["id"], "channel_id": village.tea.id}
    channel = village.tea.data | {"id": "1500000000000000001", "type": STRANGE}
    thread = {**channel, "id": "1500000000000000002", "parent_id": village.tea.id}
    strange = garden | {
        "channels": [*garden["channels"], channel],
        "threads": [thread],
        **dict.fromkeys(("verification_level", "nsfw_level", "premium_tier", "mfa_level"), STRANGE),
        "features": ["NOBODY_KNOWS_THIS"],
        "preferred_locale": "tlh",
    }
    said = message.data | place | {"id": "1600000000000000001"}
    for kind, data in (
        ("MESSAGE_CREATE", said | {"type": STRANGE}),
        ("MESSAGE_CREATE", said | {"flags": 1 << 60, "message_reference": {"type": STRANGE}}),
        ("MESSAGE_UPDATE", said | {"type": STRANGE, "edited_timestamp": garden["joined_at"]}),
        ("CHANNEL_CREATE", channel),
        ("CHANNEL_UPDATE", channel),
        ("THREAD_CREATE", thread | {"newly_created": True}),
        ("THREAD_UPDATE", thread),
        ("GUILD_UPDATE", {key: strange[key] for key in strange if key != "members"}),
        ("GUILD_CREATE", strange),
        (
            "GUILD_ROLE_CREATE",
            {"guild_id": garden["id"], "role": garden["roles"][0] | {"flags": -1}},
        ),
        ("NOBODY_KNOWS_THIS", {"guild_id": garden["id"]}),
    ):
        village.discord.do(partial(gateway.send_event, kind, data))
    for kind in (STRANGE, -1):
        asked = village.hana.runs(village.tea, "help")
        village.waits_until(lambda asked=asked: asked.words)
        again = asked.interaction | {"type": kind, "token": "another"}
        village.discord.do(partial(gateway.send_event, "INTERACTION_CREATE", again))

    later = village.hana.says(village.tea, "And weeds.")
    village.waits_until(lambda: village.logged(later))
    assert village.hana.runs(village.tea, "help")


def test_embeds_pastes_and_webhooks_are_messages_like_others(village: Village) -> None:
    village.starts()
    embed = {"type": "rich", "title": "x", "description": "y" * 100}
    many = village.hana.says(village.lobby, "Look.", embeds=[embed] * 100)
    long = village.hana.says(village.lobby, "Roses. " * 285)
    hook = village.hana.says_through_webhook(village.lobby, "I am Hana.", "Hana")

    village.waits_until(lambda: village.logged(hook))
    row = village.logged(hook)
    assert row is not None
    assert row["bot"]
    assert row["author"] != f"discord:{village.hana.id}"
    assert village.logged(many)
    assert village.logged(long)


def test_a_paste_of_four_thousand_characters_into_a_form_is_taken_or_refused_in_words(
    village: Village,
) -> None:
    village.starts()
    asked = village.hana.runs(
        village.lobby, village.path("chats", "schedule"), when="tomorrow 8 pm", topic="Roses"
    )
    village.waits_until(lambda: asked.modal or asked.words)
    assert asked.modal, asked.words

    filled = village.hana.submits(asked, prompts="Why roses? " * 360)

    village.waits_until(lambda: filled.words)
    assert "Weaver's fault" not in filled.words
    assert "Traceback" not in filled.words
