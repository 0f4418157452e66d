"""Buttons, menus, forms and completion, from a person's press to the answer that they read."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.domain.actions import Button, SendPost
from bot.kernel.dispatch import Turn
from bot.kernel.writer import Transaction
from tests.adapters.discord.village import Village


def decides(village: Village, *acts: SendPost) -> None:
    """Weaver decides to say something."""
    assert village.weaver is not None
    weaver = village.weaver
    looked = weaver.registry.communities["garden"]

    def work(transaction: Transaction) -> None:
        for act in acts:
            turn = Turn(transaction, looked, act.key, weaver.clock.now())
            weaver.ring.record(turn, "chats", act)

    village.run(weaver.writer.write(work))


def test_a_button_says_its_command_for_whoever_presses_even_after_a_restart(
    village: Village,
) -> None:
    village.starts()
    ada = village.discord.person("Ada").joins(village.garden)
    act = SendPost(
        "chats:garden:1", village.spaces[1], "Well?", (Button("List", "chats list"),), why="Why."
    )
    decides(village, act)
    village.waits_until(lambda: village.tea.by_bot)
    [message] = village.tea.by_bot

    for again in (False, True):
        if again:
            village.stops()
            village.starts()
        pressed = ada.presses(message, "List")
        village.waits_until(lambda pressed=pressed: pressed.words)
        assert pressed.ephemeral
        assert "weekly" in pressed.words or "chat" in pressed.words


def test_a_button_from_another_time_is_answered_kindly(village: Village) -> None:
    village.starts()
    act = SendPost(
        "chats:garden:1", village.spaces[1], "Well?", (Button("Go", "chats list"),), why="Why."
    )
    decides(village, act)
    village.waits_until(lambda: village.tea.by_bot)
    [message] = village.tea.by_bot
    message.data["components"][0]["components"][0]["custom_id"] = "old-thing"

    pressed = village.hana.presses(message, "Go")

    village.waits_until(lambda: pressed.words)
    assert "from another time" in pressed.words


def test_a_long_text_is_asked_for_by_a_form(village: Village) -> None:
    village.starts()

    asked = village.hana.runs(village.lobby, "welcome words")
    village.waits_until(lambda: asked.modal or asked.words)
    assert asked.modal, asked.words
    words = "Welcome, {{ name }}.\n\nSit where you like: we talk on Thursdays."
    [field] = [one["components"][0] for one in asked.modal["components"]]

    filled = village.hana.submits(asked, **{field["custom_id"]: words})

    village.waits_until(lambda: filled.words)
    assert "fault" not in filled.words


def test_a_form_outlives_a_restart_however_much_was_said_before_it(village: Village) -> None:
    village.starts()
    topic = "Roses that flower twice, and what they want from us in between"
    when = f"{datetime.now(ZoneInfo('Europe/London')) + timedelta(days=2):%Y-%m-%d %I:%M %p}"
    path = village.path("chats", "schedule")
    asked = village.hana.runs(village.tea, path, when=when, topic=topic)
    village.waits_until(lambda: asked.modal)
    village.stops()
    village.starts()

    filled = village.hana.submits(asked, prompts="Which?")
    village.waits_until(lambda: filled.words)
    assert "Planned as chat 1" in filled.words
    again = village.hana.submits(asked, prompts="Which, once more?")
    village.waits_until(lambda: again.words)

    assert "from another time" in again.words
    assert "Which, once more?" in again.words, "what they wrote is not lost"
    assert not [name for name, kept in village.kept.items() if "form:" in name and kept]


def test_the_menu_of_a_message_is_about_that_message(village: Village) -> None:
    village.plugin_settings["amplify"] = {
        "routes": [{"tag": "Roses", "audience": "roses", "asks": "yes"}]
    }
    village.starts()
    ada = village.discord.person("Ada").joins(village.garden)
    message = ada.says(village.lobby, "Mine are in bloom.")
    village.waits_until(lambda: village.logged(message))

    asked = ada.picks("Amplify this", message)

    village.waits_until(lambda: asked.words)
    village.waits_until(lambda: village.roses.by_bot)
    reference = village.roses.by_bot[0].data["message_reference"]
    assert (reference["type"], reference["message_id"]) == (1, str(message.id))


def test_the_menu_of_a_member_is_about_that_member(village: Village) -> None:
    village.starts()
    ada = village.discord.person("Ada").joins(village.garden)

    asked = village.hana.picks("Welcome", ada, village.lobby)

    village.waits_until(lambda: asked.words)
    assert "Ada" in asked.words or "ada" in asked.words


def test_a_post_is_proposed_as_a_topic_by_its_menu_and_only_by_its_author(
    village: Village,
) -> None:
    village.starts()
    ada, bob = (village.discord.person(name).joins(village.garden) for name in ("Ada", "Bob"))
    post = ada.says(village.lobby, "Pruning in autumn\nI never know when.")

    refused = bob.picks("Propose as topic", post)
    village.waits_until(lambda: refused.words)
    assert "somebody else\u2019s words" in refused.words

    taken = ada.picks("Propose as topic", post)
    village.waits_until(lambda: taken.words)
    assert "\u201cPruning in autumn\u201d is topic 1 now" in taken.words


def test_an_interaction_that_is_told_twice_is_carried_out_once(village: Village) -> None:
    village.starts()
    gateway, world = village.discord.gateway, village.discord.world
    tell, told = world.tell, []

    def twice(kind: str, data: dict[str, Any], *where: str | None) -> None:
        tell(kind, data, *where)
        if kind == "INTERACTION_CREATE":
            told.append(data)
            gateway.send_event(kind, data)

    world.tell = twice
    first = village.hana.runs(village.tea, "chats propose", topic="Pruning")
    village.waits_until(lambda: first.words)
    world.tell = tell
    listed = village.hana.runs(village.tea, "chats topics")
    village.waits_until(lambda: listed.words)

    assert len(told) == 1
    assert listed.words.count("Pruning") == 1


def test_zones_are_completed_before_there_is_a_community(village: Village) -> None:
    village.provisions = []
    village.starts()

    typed = village.hana.types(village.lobby, "setup", "zone", zone="new yo")
    village.waits_until(lambda: typed.acknowledged)
    assert [one["value"] for one in typed.choices] == ["America/New_York"]

    opened = village.hana.runs(village.lobby, "setup", zone="America/New_York")
    village.waits_until(lambda: opened.modal)
    fields = [one["components"][0] for one in opened.modal["components"]]
    assert {one["custom_id"]: one["value"] for one in fields} == {
        "name": "Garden",
        "zone": "America/New_York",
    }


def test_chats_and_topics_are_completed_by_what_they_are_about(village: Village) -> None:
    village.starts()
    when = f"{datetime.now(ZoneInfo('Europe/London')) + timedelta(days=2):%Y-%m-%d %I:%M %p}"
    path = village.path("chats", "schedule")
    planned = village.hana.runs(village.tea, path, when=when, topic="Roses", prompts="Which?")
    village.waits_until(lambda: planned.words)
    assert "Planned as chat 1" in planned.words
    proposed = village.hana.runs(village.tea, "chats propose", topic="Pruning")
    village.waits_until(lambda: proposed.words)

    for command, begun, number, about in (
        ("cancel", "ros", 1, "1 chat, \u201cRoses\u201d"),
        ("back", "prun", 1, "1 Pruning"),
    ):
        path = village.path("chats", command)
        typed = village.hana.types(village.tea, path, "number", number=begun)
        village.waits_until(lambda typed=typed: typed.acknowledged)
        [offered] = typed.choices
        assert offered["value"] == number
        assert offered["name"].startswith(about)
    cancelled = village.hana.runs(village.tea, village.path("chats", "cancel"), number=1)
    village.waits_until(lambda: cancelled.words)
    restore = village.path("chats", "restore")
    typed = village.hana.types(village.tea, restore, "number", number="")
    village.waits_until(lambda: typed.acknowledged)
    assert [one["name"] for one in typed.choices] == ["1 chat, \u201cRoses\u201d, cancelled"]
    strange = village.hana.types(village.tea, village.path("chats", "order"), "place", place="1")
    village.waits_until(lambda: strange.acknowledged)
    assert strange.choices == []


def test_words_are_completed_from_what_there_is(village: Village) -> None:
    village.plugin_settings["amplify"] = {
        "routes": [{"tag": name, "audience": "roses", "asks": "yes"} for name in ("Roses", "Weeds")]
    }
    village.starts()
    proposed = village.hana.runs(village.tea, "chats propose", topic="Pruning in autumn")
    village.waits_until(lambda: proposed.words)

    for command, parameter, begun, offered in (
        (("amplify", "pause"), "tag", "ro", "Roses"),
        (("chats", "propose"), "topic", "prun", "Pruning in autumn"),
        (("pulse", "share"), "space", "quest", "questions"),
    ):
        path = village.path(*command)
        typed = village.hana.types(village.tea, path, parameter, **{parameter: begun})
        village.waits_until(lambda typed=typed: typed.acknowledged)
        assert [one["value"] for one in typed.choices] == [offered], command


def test_an_answer_that_takes_long_is_promised_first(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.adapters.discord.answers.PATIENCE", 0.0)
    village.starts()

    asked = village.hana.runs(village.lobby, "help")

    village.waits_until(lambda: asked.words)
    assert asked.words.startswith("This is what you can ask me:")
    assert asked.ephemeral


def test_a_newcomer_goes_from_screening_to_signposts(village: Village) -> None:
    village.plugin_settings["welcome"] = {"signposts": {"rose growers": "#GardenRoses"}}
    village.starts()
    ada = village.discord.person("Ada").joins(village.garden, pending=True)
    village.is_quiet()
    assert village.lobby.by_bot == []

    ada.accepts_rules(village.garden)
    village.waits_until(lambda: village.lobby.by_bot)

    [greeting] = village.lobby.by_bot
    assert "Ada" in greeting.content
    assert "rose growers" in greeting.content
    assert "#GardenRoses" in greeting.content
    village.is_quiet()
    ada.finishes_onboarding(village.garden)
    ada.says(village.lobby, "Hello, all.")
    village.is_quiet()
    assert len([one for one in village.lobby.by_bot if "Ada" in one.content]) == 1


def test_a_tagged_message_is_passed_on_and_taken_back_with_it(village: Village) -> None:
    village.plugin_settings["amplify"] = {
        "routes": [{"tag": "Roses", "audience": "roses", "asks": "tag"}]
    }
    village.starts()
    ada = village.discord.person("Ada").joins(village.garden)
    message = ada.says(village.lobby, "In bloom at last. #Roses")
    village.waits_until(lambda: village.roses.by_bot)

    ada.deletes(message)

    village.waits_until(lambda: not village.roses.by_bot)


def test_a_session_in_a_forums_thread_has_its_reply_rate_measured(village: Village) -> None:
    village.starts()
    ada, bob = (village.discord.person(name).joins(village.garden) for name in ("Ada", "Bob"))
    topic = ada.posts(village.forum, "Aphids", "What helps?", tags=["Roses"])
    for number in range(4):
        bob.says(topic, f"Answer {number}.")
    last = ada.says(topic, "Thank you.")
    village.waits_until(lambda: village.logged(last))
    assert village.weaver is not None

    asked = village.hana.runs(village.tea, "pulse share", space="questions")

    village.waits_until(lambda: asked.words)
    assert "5 of 6 posts" in asked.words, asked.words
