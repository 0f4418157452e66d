"""Messages through the real client: said, answered, passed on, changed and taken back."""

import asyncio

import discord as dpy
import pytest

from tests.fakediscord.client import Bot, play, running
from tests.fakediscord.conftest import Place
from tests.fakediscord.server import FakeDiscord


def test_a_bot_hears_what_people_say(discord: FakeDiscord) -> None:
    ada = discord.person("Ada")
    lobby = discord.guild("Garden", ada).channel("lobby")

    async def story() -> None:
        async with running(discord) as bot:
            ada.says(lobby, "hello #roses")
            [heard] = await discord.until(lambda: bot.heard["message"])
            assert heard.content == "hello #roses"
            assert heard.author.display_name == "Ada"

    asyncio.run(story())


def test_a_bot_says_changes_and_deletes(discord: FakeDiscord) -> None:
    ada = discord.person("Ada")
    lobby = discord.guild("Garden", ada).channel("lobby")

    async def story() -> None:
        async with running(discord) as bot:
            channel = bot.get_channel(int(lobby.id))
            said = await channel.send("good morning", embed=dpy.Embed(title="Today"))
            await said.edit(content="good evening")
            assert [each.content for each in lobby.by_bot] == ["good evening"]
            read = [each.content async for each in channel.history(limit=5)]
            assert read == ["good evening"]
            await said.delete()
            assert not lobby.messages

    asyncio.run(story())


def test_replies_and_forwards(discord: FakeDiscord) -> None:
    ada, bob = discord.person("Ada"), discord.person("Bob")
    garden = discord.guild("Garden", ada)
    lobby, sub = garden.channel("lobby"), garden.channel("sub")
    bob.joins(garden)

    async def story() -> None:
        async with running(discord) as bot:
            first = ada.says(lobby, "who has roses?")
            bob.replies(first, "I have")
            bob.forwards(first, sub)
            heard = await discord.until(
                lambda: len(bot.heard["message"]) == 3 and bot.heard["message"]
            )
            assert heard[1].reference.resolved.content == "who has roses?"
            assert heard[2].message_snapshots[0].content == "who has roses?"
            await heard[0].reply("so have I")
            await heard[0].forward(bot.get_channel(int(sub.id)))
            assert lobby.by_bot[0].pinged == {"ada"}
            assert (
                sub.by_bot[0].data["message_snapshots"][0]["message"]["content"] == "who has roses?"
            )

    asyncio.run(story())


@pytest.mark.parametrize("seconds", [0, 170])
def test_a_nonce_makes_one_message(discord: FakeDiscord, seconds: float) -> None:
    ada = discord.person("Ada")
    lobby = discord.guild("Garden", ada).channel("lobby")

    async def story() -> None:
        async with running(discord) as bot:
            channel = bot.get_channel(int(lobby.id))
            first = await channel.send("once", nonce="n-1")
            discord.clock.forward(seconds=seconds)
            again = await channel.send("once", nonce="n-1")
            assert again.id == first.id
            assert len(lobby.messages) == 1

    asyncio.run(story())


def test_a_nonce_is_forgotten_after_minutes_and_may_name_what_was_deleted(
    discord: FakeDiscord, garden: Place
) -> None:
    sub = garden.guild.channel("sub")

    async def story(bot: Bot) -> None:
        channel, other = (bot.get_channel(int(each.id)) for each in (garden.lobby, sub))
        first = await channel.send("once", nonce="n-1")
        assert (await other.send("elsewhere", nonce="n-1")).id == first.id
        await first.delete()
        with pytest.raises(dpy.NotFound, match="Unknown Message"):
            await channel.send("once", nonce="n-1")
        discord.clock.forward(seconds=181)
        again = await channel.send("once", nonce="n-1")
        assert again.id != first.id

    play(discord, story)


def test_mentions_ping_only_whom_they_may(discord: FakeDiscord, garden: Place) -> None:
    text = f"@everyone {garden.bob.mention}"

    async def story(bot: Bot) -> None:
        channel = bot.get_channel(int(garden.lobby.id))
        await channel.send(text)
        await channel.send(text, allowed_mentions=dpy.AllowedMentions.none())
        await channel.send(text, allowed_mentions=dpy.AllowedMentions(everyone=False))
        garden.guild.takes_from_bot("mention_everyone")
        await channel.send(text)
        pinged = [each.pinged for each in garden.lobby.by_bot]
        assert pinged == [{"bob", "everyone"}, set(), {"bob"}, {"bob"}]

    play(discord, story)


def test_reactions_are_counted_once_each(discord: FakeDiscord, garden: Place) -> None:
    said = garden.bob.says(garden.lobby, "shall we?")
    garden.ada.reacts(said, "🌹")

    async def story(bot: Bot) -> None:
        message = await bot.get_channel(int(garden.lobby.id)).fetch_message(int(said.id))
        await message.add_reaction("🌹")
        await message.add_reaction("🌹")
        assert said.reactions == {"🌹": 2}
        message = await message.fetch()
        names = {each.name async for each in message.reactions[0].users()}
        assert names == {"ada", "weaver"}
        garden.ada.unreacts(said, "🌹")
        await message.remove_reaction("🌹", bot.user)
        assert said.reactions == {}
        assert len(bot.heard["raw_reaction_add"]) == 1

    play(discord, story)


def test_pins_are_set_listed_and_limited(discord: FakeDiscord, garden: Place) -> None:
    said = [garden.bob.says(garden.lobby, str(number)) for number in range(51)]

    async def story(bot: Bot) -> None:
        channel = bot.get_channel(int(garden.lobby.id))
        for each in said[:49]:
            discord.world.messages[each.id]["pinned"] = True
        await channel.get_partial_message(int(said[49].id)).pin()
        with pytest.raises(dpy.HTTPException, match="30003"):
            await channel.get_partial_message(int(said[50].id)).pin()
        assert len([each async for each in channel.pins()]) == 50
        await channel.get_partial_message(int(said[49].id)).unpin()
        assert not said[49].data["pinned"]

    play(discord, story)


def test_many_are_deleted_at_once(discord: FakeDiscord, garden: Place) -> None:
    said = [garden.bob.says(garden.lobby, str(number)) for number in range(4)]

    async def story(bot: Bot) -> None:
        channel = bot.get_channel(int(garden.lobby.id))
        await channel.delete_messages([dpy.Object(int(each.id)) for each in said[:2]])
        garden.ada.deletes(*said[2:])
        await discord.until(lambda: len(bot.heard["raw_bulk_message_delete"]) == 2)
        assert not garden.lobby.messages

    play(discord, story)


def test_announcements_are_published_once(discord: FakeDiscord, garden: Place) -> None:
    news = garden.guild.announcements("news")

    async def story(bot: Bot) -> None:
        said = await bot.get_channel(int(news.id)).send("it is spring")
        await said.publish()
        assert news.by_bot[0].data["flags"] & 1
        with pytest.raises(dpy.HTTPException, match="40033"):
            await said.publish()
        elsewhere = await bot.get_channel(int(garden.lobby.id)).send("not news")
        with pytest.raises(dpy.HTTPException, match="50024"):
            await elsewhere.publish()

    play(discord, story)


def test_history_is_paged_both_ways(discord: FakeDiscord, garden: Place) -> None:
    said = [garden.bob.says(garden.lobby, str(number)) for number in range(230)]

    async def story(bot: Bot) -> None:
        channel = bot.get_channel(int(garden.lobby.id))
        after = channel.history(after=dpy.Object(int(said[9].id)), limit=None)
        assert [each.content async for each in after] == [str(n) for n in range(10, 230)]
        before = channel.history(before=dpy.Object(int(said[220].id)), limit=None)
        assert [each.content async for each in before] == [str(n) for n in range(219, -1, -1)]
        around = channel.history(around=dpy.Object(int(said[100].id)), limit=3)
        assert sorted([each.content async for each in around]) == ["100", "101", "99"]

    play(discord, story)


@pytest.mark.parametrize("text", ["x" * 2001, ""])
def test_what_is_too_long_or_empty_is_refused_and_noted(
    discord: FakeDiscord, garden: Place, text: str
) -> None:
    async def story(bot: Bot) -> None:
        with pytest.raises(dpy.HTTPException):
            await bot.get_channel(int(garden.lobby.id)).send(text)

    play(discord, story)
    assert discord.violations
    discord.violations.clear()


def test_the_system_channel_tells_who_came(discord: FakeDiscord, garden: Place) -> None:
    garden.guild.changes(system_channel_id=garden.lobby.id)

    async def story(bot: Bot) -> None:
        discord.person("Cara").joins(garden.guild)
        [heard] = await discord.until(lambda: bot.heard["message"])
        assert (heard.type, heard.author.name) == (dpy.MessageType.new_member, "cara")
        garden.guild.changes(system_channel_flags=1)
        discord.person("Dan").joins(garden.guild)
        garden.bob.says(garden.lobby, "Who came?")
        await discord.until(lambda: len(bot.heard["message"]) == 2)

    play(discord, story)


def test_edits_and_webhooks_are_heard(discord: FakeDiscord, garden: Place) -> None:
    async def story(bot: Bot) -> None:
        said = garden.bob.says(garden.lobby, "one")
        garden.bob.edits(said, "two")
        garden.bob.says_through_webhook(garden.lobby, "I am Bob", "Bob")
        await discord.until(lambda: len(bot.heard["message"]) == 2)
        [(_, after)] = bot.heard["message_edit"]
        assert (after.content, after.edited_at is None) == ("two", False)
        assert bot.heard["message"][1].webhook_id
        with pytest.raises(dpy.Forbidden, match="50005"):
            await bot.heard["message"][0].edit(content="mine")

    play(discord, story)
