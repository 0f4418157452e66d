"""The gateway through the real client: streams, sessions, outages, shards and what is malformed."""

import asyncio
import inspect
import json
import textwrap
import zlib

import aiohttp
import discord as dpy
import pytest
from discord import utils

from tests.fakediscord import malformed
from tests.fakediscord.client import Bot, play, running
from tests.fakediscord.conftest import Place
from tests.fakediscord.server import FakeDiscord


def words(bot: Bot) -> list[str]:
    return [message.content for message in bot.heard["message"]]


@pytest.mark.parametrize("context", ["_ZstdDecompressionContext", "_ZlibDecompressionContext"])
def test_both_streams_carry_what_is_said(
    discord: FakeDiscord, garden: Place, context: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = getattr(utils, context, None) or _zlib_context()
    monkeypatch.setattr(utils, "_ActiveDecompressionContext", chosen)
    long = "rose " * 390

    async def story(bot: Bot) -> None:
        for _ in range(20):
            garden.bob.says(garden.lobby, long)
        await discord.until(lambda: len(bot.heard["message"]) == 20)
        assert set(words(bot)) == {long}

    play(discord, story)


def _zlib_context() -> type:
    """Load discord.py's own context for zlib, which it only defines where zstandard is absent."""
    source = inspect.getsource(utils)
    start = source.index("    class _ZlibDecompressionContext:")
    end = source.index("    _ActiveDecompressionContext", start)
    space: dict[str, type] = {"zlib": zlib}
    code = "from __future__ import annotations\n" + textwrap.dedent(source[start:end])
    exec(code, space)
    return space["_ZlibDecompressionContext"]


def test_what_was_missed_comes_after_a_resume(discord: FakeDiscord, garden: Place) -> None:
    async def story(bot: Bot) -> None:
        discord.do(discord.gateway.drop)
        garden.bob.says(garden.lobby, "while you were away")
        await discord.until(lambda: words(bot) == ["while you were away"])
        assert bot.heard["resumed"]
        assert (discord.gateway.identifies, discord.gateway.resumes) == (1, 1)

    play(discord, story)


def test_op_7_leads_to_a_resume(discord: FakeDiscord, garden: Place) -> None:
    async def story(bot: Bot) -> None:
        discord.do(discord.gateway.ask_to_reconnect)
        garden.bob.says(garden.lobby, "in between")
        await discord.until(lambda: bot.heard["resumed"])
        await discord.until(lambda: words(bot) == ["in between"])
        assert discord.gateway.identifies == 1

    play(discord, story)


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize(("resumable", "identifies", "resumes"), [(True, 1, 1), (False, 2, 0)])
def test_op_9_says_whether_the_session_lives(
    discord: FakeDiscord, garden: Place, resumable: bool, identifies: int, resumes: int
) -> None:
    async def story(bot: Bot) -> None:
        before = len(bot.heard["ready"]) + len(bot.heard["resumed"])
        discord.do(lambda: discord.gateway.invalidate(resumable=resumable))
        heard = bot.heard
        await discord.until(lambda: len(heard["ready"]) + len(heard["resumed"]) > before)
        assert (discord.gateway.identifies, discord.gateway.resumes) == (identifies, resumes)

    play(discord, story)


@pytest.mark.usefixtures("hurried")
def test_a_session_that_fell_behind_a_thousand_events_is_gone(
    discord: FakeDiscord, garden: Place
) -> None:
    async def story(bot: Bot) -> None:
        def lose_much() -> None:
            discord.gateway.drop()
            for _ in range(1001):
                discord.world.tell("TYPING_START", {}, None, None)

        discord.do(lose_much)
        await discord.until(lambda: len(bot.heard["ready"]) == 2)
        assert (discord.gateway.identifies, discord.gateway.resumes) == (2, 0)

    play(discord, story)


def test_a_wrong_token_ends_the_client(discord: FakeDiscord, garden: Place) -> None:
    async def story() -> None:
        bot = Bot()
        with pytest.raises(dpy.LoginFailure):
            await bot.login("another-token")
        await bot.close()

    asyncio.run(story())
    discord.gateway.token = "changed-since"

    async def dropped() -> None:
        with pytest.raises(dpy.ConnectionClosed) as closed:
            async with running(discord):
                pass
        assert closed.value.code == 4004

    asyncio.run(dropped())


def test_intents_that_the_portal_does_not_allow_end_the_client(
    discord: FakeDiscord, garden: Place
) -> None:
    discord.gateway.allowed = 0

    async def story() -> None:
        with pytest.raises(dpy.PrivilegedIntentsRequired):
            async with running(discord):
                pass

    asyncio.run(story())


def test_a_zombie_connection_is_left_and_resumed(discord: FakeDiscord, garden: Place) -> None:
    discord.gateway.heartbeat = 100

    async def story(bot: Bot) -> None:
        discord.gateway.acknowledges = False
        await discord.until(lambda: bot.heard["disconnect"])
        discord.gateway.acknowledges = True
        await discord.until(lambda: bot.heard["resumed"])
        assert discord.gateway.resumes

    play(discord, story, lambda: Bot(heartbeat_timeout=1.0))


def test_a_line_may_go_silent_and_stay_open(discord: FakeDiscord, garden: Place) -> None:
    async def story(bot: Bot) -> None:
        discord.do(discord.gateway.go_silent)
        garden.bob.says(garden.lobby, "is anybody there?")
        await discord.until(lambda: words(bot) == ["is anybody there?"])
        assert discord.gateway.resumes

    play(discord, story, lambda: Bot(heartbeat_timeout=1.0))


def test_members_come_in_chunks(discord: FakeDiscord, garden: Place) -> None:
    def many() -> None:
        for number in range(1200):
            account = discord.world.account(f"Guest {number}")
            discord.world.enter(garden.guild.data, account)

    discord.do(many)
    garden.guild.data["large"] = True

    async def story(bot: Bot) -> None:
        guild = bot.get_guild(int(garden.guild.id))
        assert len(guild.members) == 1203
        [found] = await guild.query_members("guest_1199")
        assert found.display_name == "Guest 1199"

    play(discord, story)


def test_too_many_payloads_in_a_minute_close_the_connection(
    discord: FakeDiscord, garden: Place
) -> None:
    async def story() -> None:
        async with aiohttp.ClientSession() as http, http.ws_connect(discord.gateway_url) as socket:
            for _ in range(121):
                await socket.send_str(json.dumps({"op": 1, "d": None}))
            while (await socket.receive()).type is aiohttp.WSMsgType.TEXT:
                pass
            assert socket.close_code == 4008

    asyncio.run(story())


def test_a_day_has_only_so_many_identifies(discord: FakeDiscord, garden: Place) -> None:
    discord.gateway.identifies_left = 1

    async def story(bot: Bot) -> None:
        left = await bot.http.get_bot_gateway()
        assert left[0] == 1
        assert discord.requests[-1].answer["session_start_limit"]["remaining"] == 0

    play(discord, story)

    async def once_more() -> None:
        with pytest.raises(dpy.ConnectionClosed):
            async with running(discord):
                pass

    asyncio.run(once_more())


def test_a_guild_goes_down_and_comes_back(discord: FakeDiscord, garden: Place) -> None:
    async def story(bot: Bot) -> None:
        garden.guild.goes_down()
        await discord.until(lambda: bot.heard["guild_unavailable"])
        garden.bob.says(garden.lobby, "unheard")
        garden.guild.comes_back()
        await discord.until(lambda: bot.heard["guild_available"])
        channel = bot.get_channel(int(garden.lobby.id))
        assert [each.content async for each in channel.history()] == ["unheard"]
        assert not words(bot)

    play(discord, story)


def test_each_shard_hears_of_its_own_guilds(discord: FakeDiscord, garden: Place) -> None:
    guilds = [garden.guild]
    while len({int(each.id) >> 22 & 1 for each in guilds}) < 2:
        guilds.append(discord.guild(f"Guild {len(guilds)}", garden.ada))
    rooms = {each.id: each.channel("room") for each in guilds}

    async def story(shard: int) -> set[int]:
        async with running(discord, Bot(shard_id=shard, shard_count=2)) as bot:
            for guild in guilds:
                garden.ada.says(rooms[guild.id], guild.id)
            own = {guild.id for guild in guilds if int(guild.id) >> 22 & 1 == shard}
            await discord.until(lambda: set(words(bot)) == own)
            return {guild.id for guild in bot.guilds}

    first, second = asyncio.run(story(0)), asyncio.run(story(1))
    assert first
    assert second
    assert len(first) + len(second) == len(guilds)


@pytest.mark.parametrize(
    ("kind", "data"), [("MESSAGE_CREATE", {}), ("GUILD_MEMBER_ADD", {}), ("THREAD_CREATE", None)]
)
def test_a_malformed_event_ends_the_bare_client(
    discord: FakeDiscord, garden: Place, kind: str, data: object
) -> None:
    async def story() -> None:
        async with Bot() as bot:
            await bot.login(discord.token)
            connected = asyncio.create_task(bot.connect())
            await discord.until(bot.is_ready)
            discord.do(lambda: discord.gateway.send_event(kind, data))
            await discord.until(connected.done)
            assert isinstance(connected.exception(), KeyError | TypeError | ValueError)

    asyncio.run(story())


def test_nonsense_is_known_of_every_kind_that_the_client_parses() -> None:
    parsed = set(Bot()._connection.parsers) - {"READY", "RESUMED", "__SHARD_RESUMED"}

    assert set(malformed.KINDS) == parsed


def test_what_is_spoilt_differs_from_what_was_whole() -> None:
    whole = {"id": "1", "author": {"id": "2"}}

    assert len(list(malformed.spoilt(whole))) == 12
    assert all(each != whole for each in malformed.spoilt(whole))
