"""What a bot hears and reads with all intents, with few, and where the portal forbids them."""

import discord as dpy
import pytest

from tests.fakediscord.client import EVERYTHING, LITTLE, Bot, play
from tests.fakediscord.conftest import Place
from tests.fakediscord.server import FakeDiscord


def without(*names: str) -> dpy.Intents:
    intents = dpy.Intents.all()
    for name in names:
        setattr(intents, name, False)
    return intents


@pytest.mark.parametrize(
    ("intents", "content"), [(EVERYTHING, "secret #tag"), (without("message_content"), "")]
)
def test_words_need_the_message_content_intent(
    discord: FakeDiscord, garden: Place, intents: dpy.Intents, content: str
) -> None:
    async def story(bot: Bot) -> None:
        first = garden.bob.says(garden.lobby, "secret #tag")
        garden.bob.says(garden.lobby, f"<@{discord.world.app_id}> look #tag")
        garden.bob.replies(first, "I agree")
        garden.bob.says(garden.bob.direct, "between us")
        heard = bot.heard["message"]
        await discord.until(lambda: len(heard) == 4)
        assert heard[0].content == content
        assert heard[1].content.endswith("look #tag")
        assert heard[2].reference.message_id == int(first.id)
        assert heard[3].content == "between us"

    play(discord, story, lambda: Bot(intents))


def test_history_is_empty_of_words_where_the_portal_forbids_them(
    discord: FakeDiscord, garden: Place
) -> None:
    discord.gateway.allowed = 0
    garden.bob.says(garden.lobby, "secret #tag")

    async def story(bot: Bot) -> None:
        channel = bot.get_channel(int(garden.lobby.id))
        await channel.send("my own words")
        own, other = [each async for each in channel.history()]
        assert (own.content, other.content) == ("my own words", "")
        with pytest.raises(dpy.Forbidden):
            await bot.http.get_members(channel.guild.id, 10, None)

    play(discord, story, lambda: Bot(LITTLE))


def test_a_reply_with_a_ping_to_the_bot_brings_its_words(
    discord: FakeDiscord, garden: Place
) -> None:
    async def story(bot: Bot) -> None:
        await bot.get_channel(int(garden.lobby.id)).send("what grows?")
        [question] = garden.lobby.by_bot
        garden.bob.replies(question, "roses")
        garden.bob.replies(question, "tulips", ping=False)
        await discord.until(lambda: len(bot.heard["message"]) == 3)
        assert [each.content for each in bot.heard["message"]] == ["what grows?", "roses", ""]

    play(discord, story, lambda: Bot(LITTLE))


def test_who_joins_needs_the_members_intent(discord: FakeDiscord, garden: Place) -> None:
    async def story(bot: Bot) -> None:
        discord.person("Cara").joins(garden.guild)
        garden.bob.says(garden.lobby, "somebody came")
        await discord.until(lambda: bot.heard["message"])
        assert not bot.heard["member_join"]
        assert len(bot.get_guild(int(garden.guild.id)).members) == 1

    play(discord, story, lambda: Bot(LITTLE))


def test_a_newcomer_passes_screening_and_onboarding(discord: FakeDiscord, garden: Place) -> None:
    async def story(bot: Bot) -> None:
        cara = discord.person("Cara").joins(garden.guild, pending=True)
        [joined] = await discord.until(lambda: bot.heard["member_join"])
        assert joined.pending
        cara.accepts_rules(garden.guild)
        await discord.until(lambda: bot.heard["member_update"])
        assert not bot.heard["member_update"][0][1].pending
        cara.finishes_onboarding(garden.guild)
        await discord.until(lambda: len(bot.heard["member_update"]) == 2)
        assert bot.heard["member_update"][1][1].flags.completed_onboarding
        cara.leaves(garden.guild)
        await discord.until(lambda: bot.heard["member_remove"])

    play(discord, story)


def test_what_happens_out_of_sight_is_not_heard(discord: FakeDiscord, garden: Place) -> None:
    hidden = garden.guild.channel("hidden")
    hidden.overwrite(deny=["view_channel"])

    async def story(bot: Bot) -> None:
        garden.bob.says(hidden, "unseen")
        garden.bob.says(garden.lobby, "seen")
        await discord.until(lambda: bot.heard["message"])
        assert [each.content for each in bot.heard["message"]] == ["seen"]
        with pytest.raises(dpy.Forbidden, match="50001"):
            await bot.fetch_channel(int(hidden.id))

    play(discord, story)
