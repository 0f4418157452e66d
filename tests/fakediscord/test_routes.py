"""Routes that bots need now and then, each through the real client and judged like the others."""

import discord as dpy
import pytest
from discord import app_commands

from tests.fakediscord.asking import NotOffered
from tests.fakediscord.client import Bot, play
from tests.fakediscord.conftest import Place
from tests.fakediscord.server import FakeDiscord


def test_channels_are_opened_guarded_changed_and_closed(
    discord: FakeDiscord, garden: Place
) -> None:
    async def story(bot: Bot) -> None:
        guild = bot.get_guild(int(garden.guild.id))
        made = await guild.create_text_channel("tea room", topic="tea", reason="they asked")
        await made.set_permissions(guild.default_role, send_messages=False)
        assert not garden.bob.may(garden.guild.channels[-1], "send_messages")
        await made.set_permissions(guild.default_role, overwrite=None)
        assert garden.bob.may(garden.guild.channels[-1], "send_messages")
        await made.edit(name="coffee room")
        assert [each.name for each in await guild.fetch_channels()] == ["lobby", "coffee room"]
        await made.send("the last word")
        await made.delete()
        with pytest.raises(dpy.NotFound, match="10003"):
            await made.send("too late")
        assert len(await guild.fetch_roles()) == 2

    play(discord, story)


def test_members_are_found_renamed_and_put_out(discord: FakeDiscord, garden: Place) -> None:
    async def story(bot: Bot) -> None:
        guild = bot.get_guild(int(garden.guild.id))
        [bob] = await bot.http.request(
            dpy.http.Route("GET", f"/guilds/{guild.id}/members/search"), params={"query": "bo"}
        )
        assert bob["user"]["id"] == garden.bob.id
        assert {each.name async for each in guild.fetch_members()} == {"weaver", "ada", "bob"}
        member = await guild.fetch_member(int(garden.bob.id))
        await member.edit(nick="Robert")
        await guild.me.edit(nick="Loom")
        assert discord.world.member(garden.guild.id, garden.bob.id)["nick"] == "Robert"
        await member.kick(reason="spam")
        await discord.until(lambda: bot.heard["member_remove"])
        with pytest.raises(dpy.NotFound, match="10007"):
            await member.edit(nick="Bob")
        counted = await bot.fetch_guild(guild.id, with_counts=True)
        assert counted.approximate_member_count == 2
        assert [each.name async for each in bot.fetch_guilds()] == ["Garden"]

    play(discord, story)


def test_threads_are_joined_left_and_filled(discord: FakeDiscord, garden: Place) -> None:
    opened = garden.bob.starts_thread(garden.lobby, "tea")

    async def story(bot: Bot) -> None:
        [tea] = bot.get_channel(int(garden.lobby.id)).threads
        await tea.join()
        await tea.add_user(dpy.Object(int(garden.ada.id)))
        assert opened.data["member_count"] == 2
        await tea.edit(name="more tea", archived=True)
        with pytest.raises(dpy.HTTPException, match="50083"):
            await tea.join()
        await tea.edit(archived=False)
        await tea.leave()
        async with bot.get_channel(int(garden.lobby.id)).typing():
            assert discord.world.typing == [garden.lobby.id]

    play(discord, story)


def test_one_command_is_made_changed_and_removed(discord: FakeDiscord, garden: Place) -> None:
    async def story(bot: Bot) -> None:
        made = await bot.http.upsert_global_command(
            bot.application_id, {"name": "tea", "description": "Tea?", "type": 1}
        )
        command = await bot.tree.fetch_command(int(made["id"]))
        edited = await command.edit(description="Tea!")
        assert (edited.id, edited.description) == (command.id, "Tea!")
        again = {"name": "tea", "description": "Tea, then.", "type": 1}
        assert (await bot.http.upsert_global_command(bot.application_id, again))["id"] == made["id"]
        assert [each.name for each in await bot.tree.fetch_commands()] == ["tea"]
        await command.delete()
        with pytest.raises(dpy.NotFound, match="10063"):
            await bot.tree.fetch_command(int(made["id"]))
        with pytest.raises(dpy.NotFound, match="10066"):
            await command.fetch_permissions(bot.get_guild(int(garden.guild.id)))

    play(discord, story)


def test_answers_are_read_again(discord: FakeDiscord, garden: Place) -> None:
    read: list[str] = []

    def telling(bot: Bot) -> Bot:
        @bot.tree.command(name="tell", description="Tell")
        @app_commands.describe(how="how", often="how often", who="whom", where="where")
        @app_commands.choices(how=[app_commands.Choice(name="Loudly", value="loud")])
        async def tell(
            interaction: dpy.Interaction,
            how: str,
            often: app_commands.Range[int, 1, 5] = 1,
            who: dpy.Member | None = None,
            where: dpy.TextChannel | None = None,
        ) -> None:
            await interaction.response.send_message(f"{how} {often} {who} {where}")
            read.append((await interaction.original_response()).content)
            more = await interaction.followup.send("more", wait=True)
            read.append((await interaction.followup.fetch_message(more.id)).content)

        return bot

    async def story(bot: Bot) -> None:
        await bot.tree.sync()
        tea = garden.guild.channel("tea")
        garden.ada.runs(garden.lobby, "tell", how="loud", often=3, who=garden.bob, where=tea)
        await discord.until(lambda: len(read) == 2)
        assert read == ["loud 3 bob tea", "more"]
        with pytest.raises(NotOffered, match="how offers"):
            garden.ada.runs(garden.lobby, "tell", how="quiet")
        with pytest.raises(NotOffered, match="out of bounds"):
            garden.ada.runs(garden.lobby, "tell", how="loud", often=9)
        with pytest.raises(NotOffered, match="often takes"):
            garden.ada.runs(garden.lobby, "tell", how="loud", often="three")

    play(discord, story, lambda: telling(Bot()))


class Form(dpy.ui.Modal, title="What is it about?"):
    topic = dpy.ui.Label(
        text="A topic",
        component=dpy.ui.Select(
            custom_id="topic", options=[dpy.SelectOption(label="Roses", value="roses")]
        ),
    )
    words = dpy.ui.Label(text="In words", component=dpy.ui.TextInput(custom_id="words"))

    async def on_submit(self, interaction: dpy.Interaction) -> None:
        said = f"{self.topic.component.values[0]}: {self.words.component.value}"
        await interaction.response.send_message(said)


def test_a_form_may_hold_selects(discord: FakeDiscord, garden: Place) -> None:
    def asking(bot: Bot) -> Bot:
        @bot.tree.command(name="ask", description="Ask")
        async def ask(interaction: dpy.Interaction) -> None:
            await interaction.response.send_modal(Form())

        return bot

    async def story(bot: Bot) -> None:
        await bot.tree.sync()
        form = garden.ada.runs(garden.lobby, "ask")
        await discord.until(lambda: form.modal)
        with pytest.raises(NotOffered, match="cannot be sent without"):
            garden.ada.submits(form, topic=["roses"])
        with pytest.raises(NotOffered, match="does not ask for colour"):
            garden.ada.submits(form, words="red", colour="red")
        sent = garden.ada.submits(form, topic=["roses"], **{"In words": "red ones"})
        await discord.until(lambda: sent.answer)
        assert sent.words == "roses: red ones"

    play(discord, story, lambda: asking(Bot()))


def test_commands_work_in_private(discord: FakeDiscord, garden: Place) -> None:
    def greeting(bot: Bot) -> Bot:
        @bot.tree.command(name="hello", description="Hello")
        async def hello(interaction: dpy.Interaction) -> None:
            await interaction.response.send_message(f"hello {interaction.user.display_name}")

        return bot

    async def story(bot: Bot) -> None:
        await bot.tree.sync()
        asked = garden.bob.runs(garden.bob.direct, "hello")
        await discord.until(lambda: asked.answer)
        assert asked.words == "hello Bob"

    play(discord, story, lambda: greeting(Bot()))
