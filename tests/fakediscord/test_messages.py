"""Messages through the real client: said, answered, passed on, changed and taken back."""

import asyncio

import discord as dpy
import pytest

from tests.fakediscord.client import running
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
