"""A plugin that could not keep its promises is refused at start, in one plain line."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from pydantic import BaseModel
from sqlmodel import Field, SQLModel

from bot.domain.actions import Action, Answer
from bot.domain.errors import UserError
from bot.domain.events import Due, MemberJoined
from bot.domain.model import Community, Space
from bot.kernel.keys import Keyring
from bot.kernel.provision import Provision, known_key, provision
from bot.kernel.registry import checked, installed, settings_from
from bot.plugin import Call, Context, Plugin
from bot.storage.tables import CommunityRow, SettingRow, SpaceRow
from bot.storage.types import PluginTable
from bot.testing import GRACE, HOST
from tests.kernel.conftest import Plant
from tests.kernel.garden import GARDEN, LOBBY, TEA, Garden, Plain, a_plugin, says


class Stray(PluginTable, table=True):
    __tablename__ = "somebody_elses"
    id: int = Field(primary_key=True)


class Foreign(SQLModel, table=True):
    __tablename__ = "notes_foreign"
    id: int = Field(primary_key=True)


def refusal(plugin: Plugin[Any]) -> str:
    with pytest.raises(UserError) as refused:
        checked(plugin)
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_a_table_without_the_plugins_prefix() -> None:
    words = refusal(a_plugin(table=Stray))
    assert words == "plugin notes: its table somebody_elses must start with notes_"


def test_a_table_that_is_no_plugin_table() -> None:
    words = refusal(a_plugin(table=Foreign))  # type: ignore[arg-type]
    assert words == "plugin notes: Foreign must be a PluginTable"


@pytest.mark.parametrize("missing", ["forgets", "tells"])
def test_tables_without_forget_and_tell(missing: str) -> None:
    plugin = a_plugin()
    setattr(plugin, missing, None)

    assert "needs @plugin.forget and @plugin.tell" in refusal(plugin)


def test_a_handler_that_is_a_coroutine() -> None:
    plugin = a_plugin(table=None)

    @plugin.on(MemberJoined)
    async def greet(event: MemberJoined, ctx: Context[Any]) -> None:
        pass

    assert "greet is a coroutine; handlers are plain functions" in refusal(plugin)


def test_a_timer_and_a_command_that_are_coroutines() -> None:
    for declare in ("due", "command"):
        plugin = a_plugin(table=None)

        async def later(event: Due, ctx: Context[Any]) -> AsyncIterator[Action]:
            yield  # type: ignore[misc]

        plugin.due("x")(later) if declare == "due" else plugin.command()(later)
        assert "later is a coroutine" in refusal(plugin)


def test_a_parameter_that_no_command_can_take() -> None:
    plugin = a_plugin(table=None)

    @plugin.command()
    def count(call: Call, ctx: Context[Any], much: float) -> Any:
        """Count."""

    assert refusal(plugin) == "plugin notes: notes count: much is of no type a command can take"


def test_a_plugin_that_is_not_installed() -> None:
    with pytest.raises(UserError, match="there is no plugin 'nothing'; installed are amplify, "):
        installed(["welcome", "nothing"])


def test_only_plugins_that_are_wanted_are_imported() -> None:
    assert list(installed(["pulse", "pulse"])) == ["pulse"]


class Strict(BaseModel):
    model_config = {"extra": "forbid"}
    minutes: int = 60
    word: str = ""


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ({"minuts": 5}, "[x]: there is no setting 'minuts'; there are: minutes, word"),
        ({"minutes": "soon"}, "[x]: minutes: write a whole number, not 'soon'"),
    ],
)
def test_a_setting_that_is_wrong_is_named_with_its_place(
    chosen: dict[str, Any], words: str
) -> None:
    plugin = Plugin("strict", package="bot", settings=Strict)
    with pytest.raises(UserError) as refused:
        settings_from(plugin, chosen, "[x]")

    assert str(refused.value).startswith(words)
    assert "\n" not in str(refused.value)


def provisioned(garden: Garden, *wanted: Provision) -> None:
    garden.write(lambda transaction: provision(transaction, wanted, garden.plugins))


def host_sets(garden: Garden, **chosen: Any) -> None:
    row = SettingRow(community="garden", plugin="notes", provisioned=False, chosen=chosen)
    garden.write(lambda transaction: transaction.session.add(row))


def word(garden: Garden) -> str:
    garden.weaver.reload()
    enabled = garden.weaver.registry.communities["garden"].enabled("notes")
    assert enabled is not None
    assert isinstance(enabled.settings, Plain)
    return enabled.settings.word


def test_the_operators_settings_lie_over_the_hosts_over_the_plugins_own(plant: Plant) -> None:
    garden = plant(a_plugin())
    assert word(garden) == "hello"

    host_sets(garden, word="the host's")
    assert word(garden) == "the host's"

    provisioned(garden, Provision(GARDEN, ("notes",), {"notes": {"word": "the operator's"}}))
    assert word(garden) == "the operator's"

    provisioned(garden, Provision(GARDEN, ("notes",)))
    assert word(garden) == "the host's"


def test_settings_for_a_plugin_that_is_not_there_change_nothing(plant: Plant) -> None:
    garden = plant(a_plugin())
    renamed = Community("garden", "Another name")
    with pytest.raises(UserError, match=r"\[community.garden.other\]: there is no plugin 'other'"):
        provisioned(garden, Provision(renamed, ("notes",), {"other": {}}))

    assert garden.weaver.registry.communities["garden"].community.name == "The garden"


def test_a_space_that_stays_keeps_its_row_and_its_posts(plant: Plant) -> None:
    garden = plant(a_plugin())
    garden.hears(says("hello"))
    before = dict(garden.weaver.registry.communities["garden"].space_ids)
    renamed = Space("fake", "lobby", "Hall", "lobby")
    provisioned(garden, Provision(Community("garden", "Renamed", spaces=(TEA, renamed)), ()))

    looked = garden.weaver.registry.communities["garden"]
    assert looked.community.name == "Renamed"
    assert [space.name for space in looked.community.spaces] == ["Tea room", "Hall"]
    assert looked.space_ids == {key: before[key] for key in (LOBBY.key, TEA.key)}
    assert garden.count(SpaceRow) == 2


def test_provisioning_again_changes_nothing(plant: Plant) -> None:
    garden = plant(a_plugin())
    before = garden.weaver.registry.communities["garden"].community
    garden.close()
    garden.start()

    assert garden.weaver.registry.communities["garden"].community == before
    assert garden.count(CommunityRow) == 1


def test_hosts_are_who_the_operator_says(plant: Plant) -> None:
    garden = plant(a_plugin())
    provisioned(garden, Provision(Community("garden", "", hosts=frozenset({GRACE.key})), ()))

    hosts = garden.weaver.registry.communities["garden"].community.hosts
    assert GRACE.key in hosts
    assert HOST.key not in hosts


def test_a_plugin_that_is_gone_is_passed_over(plant: Plant) -> None:
    garden = plant(a_plugin())
    provisioned(garden, Provision(GARDEN, ("notes", "vanished")))

    looked = garden.weaver.registry.communities["garden"]
    assert [found.installed.name for found in looked.plugins] == ["notes"]


def test_a_key_that_is_not_the_databases_is_refused(plant: Plant) -> None:
    garden = plant(a_plugin())
    with pytest.raises(UserError, match=r"installation\.key is not the one"):
        garden.write(lambda transaction: known_key(transaction, Keyring(b"another")))


def test_a_completion_of_nothing_and_a_menu_of_nothing_are_refused() -> None:
    idle, odd = a_plugin(), a_plugin()
    idle.complete("rose")(lambda _ctx: [])

    @odd.command(menu="Look at this")
    def look(call: Call, ctx: Context[Any], words: str) -> Answer:
        return Answer(words)

    with pytest.raises(UserError, match="no command has a text 'rose'"):
        checked(idle)
    with pytest.raises(UserError, match="one Post or one Member"):
        checked(odd)
