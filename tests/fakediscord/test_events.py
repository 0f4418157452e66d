"""Scheduled events through the real client."""

from datetime import timedelta

import discord as dpy
import pytest

from tests.fakediscord.client import Bot, play
from tests.fakediscord.conftest import Place
from tests.fakediscord.server import FakeDiscord


async def elsewhere(bot: Bot, garden: Place, name: str = "Weekly") -> dpy.ScheduledEvent:
    begin = dpy.utils.utcnow() + timedelta(days=1)
    return await bot.get_guild(int(garden.guild.id)).create_scheduled_event(
        name=name,
        start_time=begin,
        end_time=begin + timedelta(hours=1),
        entity_type=dpy.EntityType.external,
        privacy_level=dpy.PrivacyLevel.guild_only,
        location="#weekly",
        description="marker",
    )


def test_an_event_is_made_moved_started_and_ended(discord: FakeDiscord, garden: Place) -> None:
    async def story(bot: Bot) -> None:
        event = await elsewhere(bot, garden)
        later = event.start_time + timedelta(days=7)
        event = await event.edit(start_time=later, end_time=later + timedelta(hours=2))
        [kept] = garden.guild.events
        assert kept["scheduled_start_time"] == later.isoformat()
        event = await event.start()
        event = await event.end()
        assert kept["status"] == 3
        with pytest.raises(dpy.HTTPException, match="180000"):
            await event.edit(status=dpy.EventStatus.active)
        await event.delete()
        await discord.until(lambda: bot.heard["scheduled_event_delete"])
        assert len(bot.heard["scheduled_event_update"]) == 3
        assert not garden.guild.events

    play(discord, story)


def test_an_event_may_be_on_a_stage(discord: FakeDiscord, garden: Place) -> None:
    stage = garden.guild.stage("Talks")

    async def story(bot: Bot) -> None:
        guild = bot.get_guild(int(garden.guild.id))
        event = await guild.create_scheduled_event(
            name="Talk",
            start_time=dpy.utils.utcnow() + timedelta(days=1),
            channel=guild.get_channel(int(stage.id)),
            privacy_level=dpy.PrivacyLevel.guild_only,
        )
        assert event.channel.name == "Talks"
        assert garden.guild.events[0]["entity_type"] == 1

    play(discord, story)


def test_a_guild_has_a_hundred_events_that_are_to_come(discord: FakeDiscord, garden: Place) -> None:
    async def story(bot: Bot) -> None:
        first = await elsewhere(bot, garden)
        for number in range(99):
            discord.world.events[str(number)] = garden.guild.events[0] | {"id": str(number)}
        with pytest.raises(dpy.HTTPException, match="30038"):
            await elsewhere(bot, garden)
        await first.cancel()
        await elsewhere(bot, garden)
        assert len(garden.guild.events) == 101

    play(discord, story)


def test_people_say_that_they_mean_to_come(discord: FakeDiscord, garden: Place) -> None:
    async def story(bot: Bot) -> None:
        event = await elsewhere(bot, garden)
        garden.bob.is_interested(garden.guild.events[0])
        await discord.until(lambda: bot.heard["scheduled_event_user_add"])
        assert [each.name async for each in event.users()] == ["bob"]
        [listed] = await event.guild.fetch_scheduled_events()
        assert listed.user_count == 1
        garden.bob.is_interested(garden.guild.events[0], interested=False)
        garden.ada.cancels(garden.guild.events[0])
        await discord.until(lambda: bot.heard["scheduled_event_update"])
        assert bot.heard["scheduled_event_update"][0][1].status is dpy.EventStatus.cancelled

    play(discord, story)


def test_events_need_their_permission(discord: FakeDiscord, garden: Place) -> None:
    garden.guild.takes_from_bot("create_events")

    async def story(bot: Bot) -> None:
        with pytest.raises(dpy.Forbidden, match="50013"):
            await elsewhere(bot, garden)

    play(discord, story)
