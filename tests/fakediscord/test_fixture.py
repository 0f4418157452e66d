"""The fixture tells what was amiss, and leaves discord.py as it was."""

import discord as dpy
import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.fakediscord.client import Bot, play
from tests.fakediscord.conftest import Place
from tests.fakediscord.fixtures import amiss, pointed_at
from tests.fakediscord.server import FakeDiscord


def test_nothing_is_amiss_at_first(discord: FakeDiscord) -> None:
    assert amiss(discord) == []


def test_a_handler_that_dies_is_amiss(discord: FakeDiscord, garden: Place) -> None:
    class Frail(Bot):
        async def on_message(self, message: dpy.Message) -> None:
            raise RuntimeError(f"I cannot bear {message.content}")

    async def story(bot: Bot) -> None:
        garden.bob.says(garden.lobby, "roses")
        await discord.until(lambda: discord.deaths)

    play(discord, story, Frail)
    [death] = amiss(discord)
    assert "I cannot bear roses" in death
    discord.deaths.clear()


def test_a_connection_that_is_sought_again_is_not_amiss(
    discord: FakeDiscord, garden: Place, hurried: None
) -> None:
    async def story(bot: Bot) -> None:
        discord.faults.add("502 before", "/gateway", "GET", times=9)
        discord.do(lambda: discord.gateway.drop(4000))
        await discord.until(lambda: bot.heard["resumed"])

    play(discord, story)
    assert amiss(discord) == []


def test_where_discord_py_looks_is_put_back(discord: FakeDiscord) -> None:
    before = (Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY)
    assert before[0] == discord.url
    with FakeDiscord() as another:
        with pytest.MonkeyPatch.context() as patch:
            pointed_at(another, patch)
            assert str(DiscordWebSocket.DEFAULT_GATEWAY) == another.gateway_url
            assert before[0] != Route.BASE
        assert before == (Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY)


def test_a_test_may_do_things_from_any_thread_and_hears_of_mistakes(
    discord: FakeDiscord, garden: Place
) -> None:
    assert discord.do(lambda: discord.do(lambda: 7)) == 7
    with pytest.raises(KeyError):
        garden.bob.edits(discord_message_that_never_was(garden), "x")


def discord_message_that_never_was(garden: Place) -> object:
    said = garden.bob.says(garden.lobby, "soon gone")
    garden.bob.deletes(said)
    return said
