"""A name is looked for in what hosts wrote for the plugins that come with Weaver, too."""

from typing import Any

from bot.kernel import names
from bot.plugin import Plugin
from bot.testing import ADA, HOST, Harness
from plugins.chats import plugin as chats
from plugins.welcome import plugin as welcome


def found(bot: Harness, name: str) -> list[str]:
    looked = bot.weaver.registry.communities["garden"]
    looking = bot.weaver.writer.write(lambda tx: names.standing(looked, tx.session, name))
    return bot._run(looking)


def garden(plugin: Plugin[Any], *commands: str) -> Harness:
    bot = Harness(plugin)
    for command in commands:
        answer = bot.asks(HOST, command)
        assert not answer.mistake, answer.text
    return bot


def test_in_the_greeting_in_the_hosts_own_words_and_in_its_draft() -> None:
    bot = garden(welcome, "welcome words Come in, {{ name }}. Use #OldTag to be heard.")
    assert found(bot, "oldtag") == ["the draft of a greeting"]

    bot.calls(HOST, "welcome use")
    assert found(bot, "oldtag") == ["your own words of the greeting"]
    assert found(bot, "tag") == []


def test_in_topics_and_prompts_of_chats_and_of_the_bank() -> None:
    bot = garden(
        chats,
        'chats schedule "Tuesdays 7:30 pm" "Wrong answers" Who is #OldTag for? / And you?',
        'chats schedule "Wednesdays 7:30 pm" "Roses" Which do you grow?',
    )
    bot.calls(ADA, "chats propose A year of #OldTag")
    assert found(bot, "OldTag") == ["chat 1", "topic 1 of the bank"]

    bot.calls(HOST, "chats cancel 1")
    assert found(bot, "OldTag") == ["topic 1 of the bank"]
