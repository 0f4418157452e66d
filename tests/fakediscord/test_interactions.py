"""Commands, menus, components and forms through the real client."""

import asyncio
from collections.abc import Awaitable

import discord as dpy
import pytest
from discord import app_commands

from tests.fakediscord.asking import NotOffered
from tests.fakediscord.client import Bot, play, running
from tests.fakediscord.conftest import Place
from tests.fakediscord.server import FakeDiscord


def with_commands(bot: Bot) -> Bot:
    @bot.tree.command(name="ping", description="Say pong")
    async def ping(interaction: dpy.Interaction, text: str = "x") -> None:
        await interaction.response.send_message(f"pong {text}")
        await interaction.original_response()

    @bot.tree.command(name="slow", description="Take time")
    async def slow(interaction: dpy.Interaction) -> None:
        await interaction.response.defer(ephemeral=True)
        await interaction.followup.send("late")

    group = app_commands.Group(name="chats", description="Weekly chats")

    @group.command(name="start", description="Start one")
    async def start(interaction: dpy.Interaction, topic: str, weeks: int = 1) -> None:
        await interaction.response.send_message(f"{topic} for {weeks}", ephemeral=True)

    @start.autocomplete("topic")
    async def topics(_: dpy.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        known = ["roses", "tulips"]
        return [app_commands.Choice(name=each, value=each) for each in known if typed in each]

    @bot.tree.context_menu(name="Amplify this")
    async def amplify(interaction: dpy.Interaction, message: dpy.Message) -> None:
        await interaction.response.send_message(f"passed on: {message.content}")

    @bot.tree.context_menu(name="Welcome")
    async def welcome(interaction: dpy.Interaction, member: dpy.Member) -> None:
        await interaction.response.send_message(f"welcome {member.mention}")

    bot.tree.add_command(group)
    return bot


def test_commands_are_synced_used_and_answered(discord: FakeDiscord) -> None:
    ada = discord.person("Ada")
    lobby = discord.guild("Garden", ada).channel("lobby")

    async def story() -> None:
        async with running(discord, with_commands(Bot())) as bot:
            assert len(await bot.tree.sync()) == 5
            asked = ada.runs(lobby, "ping", text="yo")
            assert (await discord.until(lambda: asked.answer))["content"] == "pong yo"
            slow = ada.runs(lobby, "slow")
            await discord.until(lambda: slow.answer)
            assert slow.ephemeral
            assert slow.words == "late"
            started = ada.runs(lobby, "chats start", topic="roses", weeks=3)
            await discord.until(lambda: started.answer)
            assert started.words == "roses for 3"
            typed = ada.types(lobby, "chats start", "topic", topic="tu")
            await discord.until(lambda: typed.choices is not None)
            assert [each["value"] for each in typed.choices] == ["tulips"]
            assert len(lobby.messages) == 1

    asyncio.run(story())


def test_context_menus_bring_the_message_and_the_person(discord: FakeDiscord) -> None:
    ada, bob = discord.person("Ada"), discord.person("Bob")
    garden = discord.guild("Garden", ada)
    lobby = garden.channel("lobby")
    bob.joins(garden)

    async def story() -> None:
        async with running(discord, with_commands(Bot(dpy.Intents.default()))) as bot:
            await bot.tree.sync()
            said = bob.says(lobby, "look at this")
            asked = ada.picks("Amplify this", said)
            await discord.until(lambda: asked.answer)
            assert asked.words == "passed on: look at this"
            asked = ada.picks("Welcome", bob, lobby)
            await discord.until(lambda: asked.answer)
            assert asked.words == f"welcome {bob.mention}"

    asyncio.run(story())


class Choices(dpy.ui.View):
    @dpy.ui.button(label="Join", custom_id="join")
    async def join(self, interaction: dpy.Interaction, _: dpy.ui.Button) -> None:
        await interaction.response.edit_message(content="joined", view=None)

    @dpy.ui.button(label="Tell more", custom_id="more")
    async def more(self, interaction: dpy.Interaction, _: dpy.ui.Button) -> None:
        await interaction.response.send_modal(About())

    @dpy.ui.select(
        custom_id="what", placeholder="A topic", options=[dpy.SelectOption(label="Art", value="a")]
    )
    async def what(self, interaction: dpy.Interaction, select: dpy.ui.Select) -> None:
        await interaction.response.send_message(select.values[0], ephemeral=True)

    @dpy.ui.select(cls=dpy.ui.ChannelSelect, custom_id="where")
    async def where(self, interaction: dpy.Interaction, select: dpy.ui.ChannelSelect) -> None:
        await interaction.response.send_message(select.values[0].name, ephemeral=True)

    @dpy.ui.select(cls=dpy.ui.RoleSelect, custom_id="who")
    async def who(self, interaction: dpy.Interaction, select: dpy.ui.RoleSelect) -> None:
        await interaction.response.send_message(select.values[0].name, ephemeral=True)


class About(dpy.ui.Modal, title="About you"):
    name = dpy.ui.TextInput(label="Your name", custom_id="name", max_length=20)

    async def on_submit(self, interaction: dpy.Interaction) -> None:
        await interaction.response.send_message(f"thank you, {self.name.value}")


def test_buttons_selects_and_forms(discord: FakeDiscord) -> None:
    ada = discord.person("Ada")
    garden = discord.guild("Garden", ada)
    lobby, hosts = garden.channel("lobby"), garden.role("Hosts")

    async def story() -> None:
        async with running(discord) as bot:
            await bot.get_channel(int(lobby.id)).send("pick", view=Choices(timeout=None))
            [message] = lobby.by_bot
            for select, value, words in [
                ("A topic", "Art", "a"),
                ("where", lobby, "lobby"),
                ("who", hosts, "Hosts"),
            ]:
                asked = ada.chooses(message, select, [value])
                await discord.until(lambda asked=asked: asked.answer, select)
                assert (asked.words, asked.ephemeral) == (words, True)
            form = ada.presses(message, "Tell more")
            await discord.until(lambda: form.modal)
            sent = ada.submits(form, **{"Your name": "Ada L."})
            await discord.until(lambda: sent.answer)
            assert sent.words == "thank you, Ada L."
            pressed = ada.presses(message, "Join")
            await discord.until(lambda: pressed.acknowledged)
            assert message.content == "joined"
            assert not message.data["components"]

    asyncio.run(story())


def test_an_interaction_waits_three_seconds_and_is_acknowledged_once(
    discord: FakeDiscord, garden: Place
) -> None:
    codes: list[int] = []

    def late(bot: Bot) -> Bot:
        @bot.tree.command(name="late", description="Too late")
        async def late(interaction: dpy.Interaction) -> None:
            discord.clock.forward(seconds=4)
            await noted(interaction.response.send_message("sorry"))

        @bot.tree.command(name="twice", description="Answer twice")
        async def twice(interaction: dpy.Interaction) -> None:
            await interaction.response.send_message("once")
            call = bot.http.request
            route = dpy.http.Route(
                "POST", f"/interactions/{interaction.id}/{interaction.token}/callback"
            )
            await noted(call(route, json={"type": 5}))

        return bot

    async def noted(what: Awaitable[object]) -> None:
        try:
            await what
        except dpy.HTTPException as error:
            codes.append(error.code)

    async def story(bot: Bot) -> None:
        await bot.tree.sync()
        garden.ada.runs(garden.lobby, "late")
        await discord.until(lambda: codes == [10062])
        garden.ada.runs(garden.lobby, "twice")
        await discord.until(lambda: codes == [10062, 40060])

    play(discord, story, lambda: late(Bot()))
    assert discord.interactions.unacknowledged() == ["2 late"]
    discord.interactions.forgive()


def test_a_token_holds_for_a_quarter_of_an_hour(discord: FakeDiscord, garden: Place) -> None:
    held: list[dpy.Interaction] = []

    def deferring(bot: Bot) -> Bot:
        @bot.tree.command(name="think", description="Think")
        async def think(interaction: dpy.Interaction) -> None:
            await interaction.response.defer()
            held.append(interaction)

        return bot

    async def story(bot: Bot) -> None:
        await bot.tree.sync()
        asked = garden.ada.runs(garden.lobby, "think")
        await discord.until(lambda: held)
        discord.clock.forward(minutes=14)
        await held[0].edit_original_response(content="thought")
        await held[0].edit_original_response(content="thought better")
        more = await held[0].followup.send("and more", ephemeral=True)
        await more.edit(content="and no more")
        assert asked.words == "thought better\nand no more"
        await more.delete()
        await held[0].delete_original_response()
        assert not garden.lobby.messages
        discord.clock.forward(minutes=2)
        with pytest.raises(dpy.HTTPException, match="50027"):
            await held[0].followup.send("too late")

    play(discord, story, lambda: deferring(Bot()))


def test_commands_are_kept_everywhere_and_in_one_guild(discord: FakeDiscord, garden: Place) -> None:
    async def story(bot: Bot) -> None:
        first = await bot.tree.sync()
        again = await bot.tree.sync()
        assert [each.id for each in first] == [each.id for each in again]
        here = dpy.Object(int(garden.guild.id))

        @bot.tree.command(name="here", description="Only here", guild=here)
        async def only_here(interaction: dpy.Interaction) -> None:
            await interaction.response.send_message("here")

        [made] = await bot.tree.sync(guild=here)
        asked = garden.ada.runs(garden.lobby, "here")
        await discord.until(lambda: asked.answer)
        await made.delete()
        with pytest.raises(NotOffered, match="there is no 'here' here; there are chats, ping"):
            garden.ada.runs(garden.lobby, "here")
        with pytest.raises(NotOffered, match="cannot be sent without topic"):
            garden.ada.runs(garden.lobby, "chats start")

    play(discord, story, lambda: with_commands(Bot()))


def test_a_command_is_shown_to_whom_its_permissions_name(
    discord: FakeDiscord, garden: Place
) -> None:
    hosts = garden.guild.role("Hosts")

    def guarded(bot: Bot) -> Bot:
        @bot.tree.command(name="hostly", description="For hosts")
        @app_commands.default_permissions(manage_guild=True)
        async def hostly(interaction: dpy.Interaction) -> None:
            await interaction.response.send_message("yes")

        return bot

    async def story(bot: Bot) -> None:
        [command] = await bot.tree.sync()
        with pytest.raises(NotOffered, match="bob is not shown 'hostly'"):
            garden.bob.runs(garden.lobby, "hostly")
        garden.bob.gets(garden.guild, hosts)
        garden.guild.lets_use("hostly", {hosts: True})
        asked = garden.bob.runs(garden.lobby, "hostly")
        await discord.until(lambda: asked.answer)
        stated = await command.fetch_permissions(bot.get_guild(int(garden.guild.id)))
        assert [(each.id, each.permission) for each in stated.permissions] == [(int(hosts), True)]
        garden.guild.lets_use("hostly", {hosts: False})
        with pytest.raises(NotOffered, match="not shown"):
            garden.bob.runs(garden.lobby, "hostly")

    play(discord, story, lambda: guarded(Bot()))


def test_a_bot_that_says_nothing_is_found_out(discord: FakeDiscord, garden: Place) -> None:
    async def story(bot: Bot) -> None:
        await bot.get_channel(int(garden.lobby.id)).send("pick", view=Choices(timeout=None))
        bot._connection._view_store._views.clear()
        garden.ada.presses(garden.lobby.by_bot[0], "Join")
        await discord.until(lambda: bot.heard["interaction"])

    play(discord, story)
    assert discord.interactions.unacknowledged() == ["3 join"]
    discord.interactions.forgive()
