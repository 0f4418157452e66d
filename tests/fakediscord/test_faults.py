"""Faults and limits through the real client, which waits, tries again, and knows no better."""

import asyncio
import time
from datetime import timedelta

import aiohttp
import discord as dpy
import pytest

from tests.fakediscord.client import Bot, play
from tests.fakediscord.conftest import Place
from tests.fakediscord.faults import AFTER, BEFORE, BUSY, CUT, LOST, SLOW
from tests.fakediscord.server import FakeDiscord

pytestmark = pytest.mark.usefixtures("hurried")


def said(garden: Place) -> list[str]:
    return [each.content for each in garden.lobby.messages]


@pytest.mark.parametrize("kind", [BUSY, BEFORE, AFTER])
def test_a_send_is_tried_again_and_made_once(
    discord: FakeDiscord, garden: Place, kind: str
) -> None:
    fault = discord.faults.add(kind, "/messages$", "POST")

    async def story(bot: Bot) -> None:
        await bot.get_channel(int(garden.lobby.id)).send("once")
        assert fault.struck == 1
        assert said(garden) == ["once"]
        assert len(discord.asked_for("POST", "/messages")) == 2

    play(discord, story)


def test_a_second_send_of_the_same_words_is_a_second_message(
    discord: FakeDiscord, garden: Place
) -> None:
    discord.faults.add(AFTER, "/messages$")

    async def story(bot: Bot) -> None:
        channel = bot.get_channel(int(garden.lobby.id))
        await channel.send("twice")
        await channel.send("twice")
        assert said(garden) == ["twice", "twice"]

    play(discord, story)


def test_a_connection_cut_after_the_act_leaves_the_outcome_unknown(
    discord: FakeDiscord, garden: Place
) -> None:
    discord.faults.add(CUT, "/messages$", "POST")

    async def story(bot: Bot) -> None:
        channel = bot.get_channel(int(garden.lobby.id))
        with pytest.raises((OSError, aiohttp.ClientError)):
            await channel.send("heard?", nonce="n-1")
        assert said(garden) == ["heard?"]
        assert (await channel.send("heard?", nonce="n-1")).id == int(garden.lobby.messages[0].id)

    play(discord, story)


def test_a_scheduled_event_is_made_twice_when_its_answer_is_lost(
    discord: FakeDiscord, garden: Place
) -> None:
    discord.faults.add(AFTER, "/scheduled-events$")

    async def story(bot: Bot) -> None:
        begin = dpy.utils.utcnow() + timedelta(days=1)
        await bot.get_guild(int(garden.guild.id)).create_scheduled_event(
            name="Weekly",
            start_time=begin,
            end_time=begin + timedelta(hours=1),
            entity_type=dpy.EntityType.external,
            privacy_level=dpy.PrivacyLevel.guild_only,
            location="#weekly",
        )
        assert len(garden.guild.events) == 2

    play(discord, story)


def test_the_nth_write_is_the_one_that_fails(discord: FakeDiscord, garden: Place) -> None:
    fault = discord.faults.add(BEFORE, "/messages", skip=2, times=5)

    async def story(bot: Bot) -> None:
        channel = bot.get_channel(int(garden.lobby.id))
        first = await channel.send("1")
        await first.edit(content="one")
        with pytest.raises(dpy.DiscordServerError):
            await channel.send("2")
        assert fault.struck == 5
        assert said(garden) == ["one"]

    play(discord, story)


def test_a_slow_answer_still_comes(discord: FakeDiscord, garden: Place) -> None:
    discord.faults.add(SLOW, "/messages$", seconds=0.1)

    async def story(bot: Bot) -> None:
        begun = time.monotonic()
        await bot.get_channel(int(garden.lobby.id)).send("at last")
        assert time.monotonic() - begun >= 0.1

    play(discord, story)


def test_a_line_that_is_lost_did_nothing(discord: FakeDiscord, garden: Place) -> None:
    discord.faults.add(LOST, "/messages$", seconds=0.05)

    async def story(bot: Bot) -> None:
        with pytest.raises((OSError, aiohttp.ClientError)):
            await bot.get_channel(int(garden.lobby.id)).send("nobody hears")
        assert said(garden) == []

    play(discord, story)


def test_headers_pace_a_client_that_reads_them(discord: FakeDiscord, garden: Place) -> None:
    discord.limits.routes["POST .*/messages$"] = (5, 0.3)

    async def story(bot: Bot) -> None:
        channel, begun = bot.get_channel(int(garden.lobby.id)), time.monotonic()
        await channel.send("0")
        await asyncio.gather(*(channel.send(str(number)) for number in range(1, 12)))
        assert time.monotonic() - begun >= 0.6
        assert len(garden.lobby.messages) == 12
        # one that travels while a window ends counts in the next, unknown to the client
        assert discord.limits.hits <= 2

    play(discord, story)


def test_whoever_does_not_read_them_is_told_to_wait(discord: FakeDiscord, garden: Place) -> None:
    discord.limits.routes["POST .*/typing$"] = (2, 60.0)
    address = f"{discord.url}/channels/{garden.lobby.id}/typing"

    async def story() -> None:
        async with aiohttp.ClientSession(headers=discord.authorization) as http:
            answers = [await http.post(address) for _ in range(3)]
            assert [each.status for each in answers] == [204, 204, 429]
            left = [each.headers["X-RateLimit-Remaining"] for each in answers]
            assert left == ["1", "0", "0"]
            refused = answers[-1]
            assert refused.headers["Content-Type"] == "application/json"
            assert refused.headers["Via"]
            assert 59 < (await refused.json())["retry_after"] <= 60
            assert 59 < float(refused.headers["X-RateLimit-Reset-After"]) <= 60

    asyncio.run(story())


def test_the_whole_bot_has_a_limit_besides_those_of_its_buckets(
    discord: FakeDiscord, garden: Place
) -> None:
    assert discord.limits.overall == 50
    discord.limits.overall, discord.limits.second = 4, 3.0  # even a busy machine asks too often
    rooms = [garden.guild.channel(f"room {number}") for number in range(4)]

    async def story(bot: Bot) -> None:
        channels = [bot.get_channel(int(room.id)) for room in rooms]
        await asyncio.gather(*(each.send(str(n)) for n in range(2) for each in channels))
        assert all(len(room.messages) == 2 for room in rooms)
        refused = [each for each in discord.requests if each.status == 429]
        assert refused
        assert all(each.answer["global"] for each in refused)

    play(discord, story)
