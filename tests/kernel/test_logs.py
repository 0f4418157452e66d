"""Logs tell what happened without a word of anybody's and without a name."""

from collections.abc import Iterator
from typing import Any

from bot.domain.actions import Action, DirectMessage
from bot.domain.events import PostDeleted, PostSeen
from bot.domain.model import Member, Post
from bot.domain.ports import Rejected, TryLater
from bot.kernel.registry import installed
from bot.plugin import Context
from bot.testing import HOST, NOON
from tests.kernel.conftest import Plant
from tests.kernel.garden import LOBBY, WHY, Deaf, a_plugin, calls, joins

WORDS = "a-confession-of-mine"
PERSON = Member("fake", "account-4711", "Wilhelmina-Quux")
SECRETS = (WORDS, PERSON.id, PERSON.name, HOST.id, HOST.name)


def test_a_whole_story_leaves_no_word_and_no_name_in_the_log(
    plant: Plant, logged: list[Any]
) -> None:
    plugin = a_plugin()

    @plugin.on(PostSeen)
    def fail(event: PostSeen, ctx: Context[Any]) -> Iterator[Action]:
        yield DirectMessage(ctx.key("dm", event.post), LOBBY, event.post.author, WORDS, why=WHY)
        if "fail" in event.post.text:
            raise ValueError(f"{event.post.author} said {event.post.text}")

    ours = installed(["welcome", "amplify", "chats", "pulse"])
    garden = plant(plugin, *(found.plugin for found in ours.values()))
    garden.adapter.moods[""] = [
        Rejected(f"{PERSON.name} blocks us"),
        TryLater(f"{PERSON.id} is busy", 0.0),
        Deaf(WORDS),
        ValueError(f"no post with {WORDS}"),
    ]
    garden.hears(joins(PERSON))
    for number, text in enumerate((WORDS, f"{WORDS} fail", f"{WORDS} again")):
        post = Post(f"p{number}", LOBBY, PERSON, text, NOON, tags=("tag",))
        garden.hears(PostSeen(f"e{number}", NOON, LOBBY, post))
    garden.hears(calls(f"amplify yes {WORDS}", 1, PERSON))
    garden.hears(calls(f'chats plan topic:"{WORDS}"', 2))
    garden.hears(calls(f"{WORDS} {PERSON.name}", 3, PERSON))
    garden.hears(PostDeleted("gone", NOON, LOBBY, "p0"))
    garden.delivers()
    garden.run(garden.weaver.scheduler.tick())
    garden.run(garden.weaver.scheduler.keep_house())

    said = {line["event"] for line in logged}
    assert said >= {"started", "act", "handler failed", "kept house"}
    assert [secret for secret in SECRETS if secret in str(logged)] == []


def test_an_act_is_one_line_that_leads_to_the_ledger(plant: Plant, logged: list[Any]) -> None:
    garden = plant(*(found.plugin for found in installed(["welcome"]).values()))
    garden.hears(joins(PERSON))
    garden.delivers()

    [line] = [line for line in logged if line["event"] == "act"]
    [act] = garden.acts
    assert (line["key"], line["state"], line["attempt"]) == (act.key, "done", 1)
