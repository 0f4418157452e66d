"""What happens on a server is told as it was: posts, replies, threads, forwards, arrivals."""

from types import SimpleNamespace
from typing import Any

from tests.adapters.discord.village import Village


def test_messages_of_every_kind_are_logged_as_what_they_are(village: Village) -> None:
    village.starts()
    ada, bob = (village.discord.person(name).joins(village.garden) for name in ("Ada", "Bob"))
    first = ada.says(village.lobby, "Good morning. https://roses.example")
    reply = bob.replies(first, "Good morning to you.")
    passed = bob.forwards(first, to=village.tea)
    thread = bob.starts_thread(first, "Roses")
    inside = bob.says(thread, "In here, then.")
    own = ada.says(thread, "And I.")
    topic = ada.posts(village.forum, "Aphids", "What helps?", tags=["Roses"])
    answer = bob.says(topic, "Ladybirds.")
    thanks = ada.says(topic, "Thank you.")
    hook = ada.says_through_webhook(village.lobby, "Buy roses.", "Hana")
    village.waits_until(lambda: village.logged(hook))
    village.is_quiet()

    def kind(message: Any) -> tuple[Any, ...]:
        row = village.logged(message)
        assert row is not None
        return row["kind"], row["parent"], row["root"], row["bot"]

    opener = f"{village.lobby.id}/{first.id}"
    begun = f"{topic.id}/{topic.id}"
    assert kind(first) == ("original", None, None, False)
    assert village.logged(first)["link"]
    assert kind(reply) == ("reply", opener, opener, False)
    assert kind(passed) == ("repost", None, opener, False)
    assert kind(inside) == ("original", None, opener, False), "they began the thread"
    assert kind(own) == ("reply", opener, opener, False)
    assert kind(topic) == ("original", None, None, False)
    assert kind(answer) == ("reply", begun, begun, False)
    assert kind(thanks) == ("reply", begun, begun, False), "somebody had answered"
    assert kind(hook) == ("original", None, None, True)


def test_what_an_announcement_channel_passes_on_is_a_repost(village: Village) -> None:
    village.starts()
    message = village.hana.says(village.lobby, "News of roses.")
    village.waits_until(lambda: village.logged(message))
    source = {"channel_id": "1500000000000000001", "message_id": "1500000000000000002"}
    crosspost = message.data | {
        "id": str(int(message.id) + 1),
        "guild_id": village.garden.id,
        "flags": 1 << 1,
        "webhook_id": "1500000000000000003",
        "message_reference": {"type": 0, **source},
    }
    gateway = village.discord.gateway

    village.discord.do(lambda: gateway.send_event("MESSAGE_CREATE", crosspost))

    passed = SimpleNamespace(id=crosspost["id"])
    village.waits_until(lambda: village.logged(passed))
    row = village.logged(passed)
    assert row is not None
    assert (row["kind"], row["root"], row["bot"]) == ("repost", "/".join(source.values()), True)


def test_what_a_person_changes_or_takes_away_is_told(village: Village) -> None:
    village.starts()
    ada = village.discord.person("Ada").joins(village.garden)
    one, two, three = (ada.says(village.lobby, text) for text in ("Roses.", "Weeds.", "Slugs."))
    village.waits_until(lambda: village.logged(three))
    ada.edits(one, "Roses: https://roses.example")
    village.waits_until(lambda: (village.logged(one) or {}).get("link"))

    ada.deletes(one)
    village.hana.deletes(two, three)

    village.waits_until(lambda: not any(map(village.logged, (one, two, three))))


def test_who_is_screened_has_arrived_when_that_is_over(village: Village) -> None:
    village.starts()
    ada = village.discord.person("Ada").joins(village.garden, pending=True)
    bot = village.discord.person("Robot", bot=True).joins(village.garden)
    bob = village.discord.person("Bob").joins(village.garden)
    village.waits_until(lambda: len(village.lobby.by_bot) == 1)
    assert "Bob" in village.lobby.by_bot[0].content

    ada.accepts_rules(village.garden)

    village.waits_until(lambda: len(village.lobby.by_bot) == 2)
    village.is_quiet()
    assert "Ada" in village.lobby.by_bot[1].content
    assert not any(message.pinged for message in village.lobby.by_bot)
    assert bot
    assert bob


def test_a_mention_is_a_command_and_is_answered_under_it(village: Village) -> None:
    village.starts()

    asked = village.hana.says(village.lobby, f"<@{village.discord.world.app_id}> help")

    village.waits_until(lambda: village.lobby.by_bot)
    answer, *_ = village.lobby.by_bot
    assert answer.content.startswith("This is what you can ask me:")
    assert answer.data["message_reference"]["message_id"] == str(asked.id)
    village.is_quiet()
    assert not any(one.pinged for one in village.lobby.by_bot)
    assert village.logged(asked) is None
