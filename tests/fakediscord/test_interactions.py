"""Commands, menus, components and forms through the real client."""

import asyncio

import discord as dpy
from discord import app_commands

from tests.fakediscord.client import Bot, running
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
