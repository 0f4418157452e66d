"""Whatever people do: nobody is pinged, nothing ends, and no traceback is said in a channel."""

from typing import Any

from tests.adapters.discord.village import Village

BACKWARDS = "\u202eאדה\u202c"
LOUD = "@everyone"


def say(village: Village) -> list[Any]:
    return [one for place in (village.lobby, village.tea, village.shed) for one in place.by_bot]


def test_names_of_every_kind_are_greeted_and_ping_nobody(village: Village) -> None:
    village.starts()
    for name in (BACKWARDS, LOUD, "<@123456789012345678>", "`rm -rf`", "a" * 32):
        village.discord.person(name).joins(village.garden)

    village.waits_until(lambda: len(village.lobby.by_bot) == 5, seconds=40)
    assert not any(one.pinged for one in say(village))


def test_a_member_who_leaves_while_being_welcomed_does_no_harm(village: Village) -> None:
    village.starts()
    ada = village.discord.person("Ada").joins(village.garden)
    ada.leaves(village.garden)
    asked = village.hana.runs(village.lobby, "help")

    village.waits_until(lambda: asked.words)
    village.is_quiet()
    assert all("Traceback" not in one.content for one in say(village))


def test_a_channel_that_is_gone_in_the_middle_of_it_is_told_to_the_hosts(village: Village) -> None:
    village.starts()
    village.discord.do(lambda: village.discord.world.close_channel(village.lobby.data))
    village.discord.person("Ada").joins(village.garden)

    asked = village.hana.runs(village.tea, "help")

    village.waits_until(lambda: asked.words)
    village.is_quiet()


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
