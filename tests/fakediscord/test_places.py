"""Threads, forums, roles, bans, direct messages and what the bot may not do, as the client sees."""

import io

import discord as dpy
import pytest

from tests.fakediscord.client import Bot, play
from tests.fakediscord.conftest import Place
from tests.fakediscord.server import FakeDiscord


def refused(code: int) -> pytest.RaisesExc[dpy.HTTPException]:
    return pytest.raises(dpy.HTTPException, check=lambda error: error.code == code)


def test_a_message_has_one_thread(discord: FakeDiscord, garden: Place) -> None:
    async def story(bot: Bot) -> None:
        said = await bot.get_channel(int(garden.lobby.id)).send("weekly")
        thread = await said.create_thread(name="Week 1")
        await thread.send("let us begin")
        assert thread.id == said.id
        assert (await bot.fetch_channel(said.id)).name == "Week 1"
        with refused(160004):
            await said.create_thread(name="Week 1 again")
        assert [each.content for each in garden.lobby.threads[0].messages] == ["let us begin"]
        assert bot.heard["thread_create"]

    play(discord, story)


def test_threads_are_archived_listed_and_woken(discord: FakeDiscord, garden: Place) -> None:
    opened = garden.bob.starts_thread(garden.lobby, "tea")

    async def story(bot: Bot) -> None:
        channel = bot.get_channel(int(garden.lobby.id))
        [tea] = channel.threads
        own = await channel.create_thread(name="own", type=dpy.ChannelType.public_thread)
        await own.edit(archived=True)
        await tea.edit(archived=True, locked=True)
        archived = [each.name async for each in channel.archived_threads()]
        assert sorted(archived) == ["own", "tea"]
        assert not await channel.guild.active_threads()
        await own.send("awake")
        assert not garden.lobby.threads[1].data["thread_metadata"]["archived"]
        with refused(50083):
            await tea.send("shut")
        await tea.delete()
        assert not opened.is_there

    play(discord, story)


def test_a_forum_may_ask_for_a_tag(discord: FakeDiscord, garden: Place) -> None:
    forum = garden.guild.forum("weekly", ["roses", "tulips"], require_tag=True)

    async def story(bot: Bot) -> None:
        there = bot.get_channel(int(forum.id))
        with refused(40067):
            await there.create_thread(name="untagged", content="no tag")
        roses = dpy.utils.get(there.available_tags, name="roses")
        made = await there.create_thread(name="Week 1", content="begin", applied_tags=[roses])
        assert made.thread.applied_tags == [roses]
        assert made.message.id == made.thread.id
        garden.bob.posts(forum, "Mine", "look", ["tulips"])
        await discord.until(lambda: len(bot.heard["thread_create"]) == 2)
        assert bot.heard["thread_create"][1].applied_tags[0].name == "tulips"
        with refused(50008):
            await bot.http.send_message(there.id, params=dpy.http.handle_message_parameters("x"))

    play(discord, story)


@pytest.mark.parametrize(
    ("missing", "code"),
    [("send_messages", 50013), ("embed_links", 50013), ("view_channel", 50001)],
)
def test_the_bot_is_refused_what_a_channel_takes_from_it(
    discord: FakeDiscord, garden: Place, missing: str, code: int
) -> None:
    async def story(bot: Bot) -> None:
        channel = bot.get_channel(int(garden.lobby.id))
        garden.lobby.overwrite(deny=[missing])
        with refused(code):
            await channel.send("words", embed=dpy.Embed(title="Title"))
        garden.lobby.overwrite(allow=[missing])
        await channel.send("words", embed=dpy.Embed(title="Title"))
        assert len(garden.lobby.messages) == 1

    play(discord, story)


def test_overwrites_are_applied_in_discords_order(discord: FakeDiscord, garden: Place) -> None:
    quiet, loud = garden.guild.role("Quiet"), garden.guild.role("Loud")
    garden.bob.gets(garden.guild, quiet, loud)
    garden.lobby.overwrite(quiet, deny=["send_messages"])
    garden.lobby.overwrite(loud, allow=["send_messages"])

    assert garden.bob.may(garden.lobby, "send_messages")
    garden.lobby.overwrite(garden.bob.id, deny=["send_messages"])
    assert not garden.bob.may(garden.lobby, "send_messages")
    garden.lobby.overwrite(garden.bob.id)
    garden.lobby.overwrite(garden.guild.id, deny=["view_channel"])
    assert not garden.bob.may(garden.lobby, "send_messages")
    assert garden.ada.may(garden.lobby, "send_messages", "administrator")


def test_roles_are_given_below_ones_own(discord: FakeDiscord, garden: Place) -> None:
    below = garden.guild.role("Greeters")

    async def story(bot: Bot) -> None:
        guild = bot.get_guild(int(garden.guild.id))
        bob = guild.get_member(int(garden.bob.id))
        await bob.add_roles(guild.get_role(int(below)))
        assert discord.world.member(garden.guild.id, garden.bob.id)["roles"] == [below]
        await bob.remove_roles(guild.get_role(int(below)))
        assert discord.world.member(garden.guild.id, garden.bob.id)["roles"] == []
        with refused(50013):
            await bob.add_roles(guild.self_role)
        made = await guild.create_role(name="Newcomers", reason="they asked")
        assert made.name == "Newcomers"
        await made.delete()
        with refused(10011):
            await bot.http.add_role(guild.id, bob.id, made.id)
        garden.guild.takes_from_bot("manage_roles")
        with refused(50013):
            await bob.add_roles(guild.get_role(int(below)))

    play(discord, story)


def test_a_message_carries_files_with_words_for_those_who_do_not_see(
    discord: FakeDiscord, garden: Place
) -> None:
    async def story(bot: Bot) -> None:
        file = dpy.File(io.BytesIO(b"\x89PNG"), "rose.png", description="a red rose")
        said = await bot.get_channel(int(garden.lobby.id)).send("look", file=file)
        [shown] = garden.lobby.by_bot[0].data["attachments"]
        assert (shown["filename"], shown["description"]) == ("rose.png", "a red rose")
        assert discord.world.files[shown["id"]] == b"\x89PNG"
        await said.edit(content="look again", attachments=said.attachments)
        assert len(garden.lobby.by_bot[0].data["attachments"]) == 1

    play(discord, story)


def test_direct_messages_may_be_closed(discord: FakeDiscord, garden: Place) -> None:
    async def story(bot: Bot) -> None:
        bob = await bot.fetch_user(int(garden.bob.id))
        await bob.send("hello")
        assert [each.content for each in garden.bob.direct.messages] == ["hello"]
        garden.bob.closes_direct_messages()
        with refused(50007):
            await bob.send("hello?")

    play(discord, story)


def test_the_audit_log_names_who_added_the_bot(discord: FakeDiscord, garden: Place) -> None:
    async def story(bot: Bot) -> None:
        guild = bot.get_guild(int(garden.guild.id))
        [entry] = [each async for each in guild.audit_logs(action=dpy.AuditLogAction.bot_add)]
        assert (entry.user.display_name, entry.target.id) == ("Ada", bot.user.id)
        garden.guild.takes_from_bot("view_audit_log")
        with refused(50013):
            await anext(guild.audit_logs())

    play(discord, story)


def test_the_bot_comes_and_goes(discord: FakeDiscord, garden: Place) -> None:
    meadow = discord.guild("Meadow", garden.ada, granted=None)

    async def story(bot: Bot) -> None:
        assert len(bot.guilds) == 1
        meadow.invites_bot(garden.ada)
        await discord.until(lambda: bot.heard["guild_join"])
        meadow.removes_bot()
        await discord.until(lambda: bot.heard["guild_remove"])
        with refused(10004):
            await bot.fetch_guild(int(meadow.id))
        await bot.get_guild(int(garden.guild.id)).leave()
        await discord.until(lambda: not bot.guilds)

    play(discord, story)


def test_bans_keep_people_out(discord: FakeDiscord, garden: Place) -> None:
    async def story(bot: Bot) -> None:
        guild = bot.get_guild(int(garden.guild.id))
        await guild.ban(guild.get_member(int(garden.bob.id)), reason="spam")
        await discord.until(lambda: bot.heard["member_ban"] and bot.heard["member_remove"])
        assert [each.reason async for each in guild.bans()] == ["spam"]
        await guild.unban(dpy.Object(int(garden.bob.id)))
        with refused(10026):
            await guild.fetch_ban(dpy.Object(int(garden.bob.id)))
        with pytest.raises(dpy.NotFound):
            await guild.fetch_member(int(garden.bob.id))

    play(discord, story)


def test_onboarding_can_be_read(discord: FakeDiscord, garden: Place) -> None:
    garden.guild.onboards(default_channel_ids=[garden.lobby.id])

    async def story(bot: Bot) -> None:
        found = await bot.get_guild(int(garden.guild.id)).onboarding()
        assert found.enabled
        assert [each.name for each in found.default_channels] == ["lobby"]

    play(discord, story)
