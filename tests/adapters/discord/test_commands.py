"""Every command can be given as Discord offers commands, by the real client."""

from typing import Any

import pytest

from bot.adapters.discord.commands import Offered, options_of
from bot.domain.commands import CommandSpec
from bot.domain.model import Post
from bot.kernel.catalogue import Offers
from bot.kernel.registry import installed
from tests.adapters.discord.village import PLUGINS, Village

SPECS = [spec for one in installed(PLUGINS).values() for spec, _ in one.commands.values()]
VALUES: dict[str, Any] = {"int": 1, "bool": True}


def filled(spec: CommandSpec, village: Village) -> dict[str, Any]:
    """Give every option of a command something of its type."""
    given: dict[str, Any] = {}
    for option in options_of(spec):
        match option:
            case {"choices": [{"value": first}, *_]}:
                given[option["name"]] = first
            case {"type": 4}:
                given[option["name"]] = 1
            case {"type": 5}:
                given[option["name"]] = True
            case {"type": 6 | 9}:
                given[option["name"]] = village.hana
            case _:
                given[option["name"]] = "roses"
    return given


def answers(village: Village, asked: Any, name: str) -> None:
    """Hold that whoever asked is answered, alone and in words."""
    village.waits_until(lambda: asked.words or asked.modal)
    assert asked.words, name
    assert "Weaver's fault" not in asked.words, name
    assert "another time" not in asked.words, name
    assert asked.ephemeral, name


def test_every_command_of_every_plugin_is_given_by_each_way_that_fits_and_answers(
    village: Village,
) -> None:
    village.starts()
    assert village.weaver is not None
    post = village.hana.says(village.lobby, "Pruning in autumn")
    specs, slash, forms, menus = Offers(village.weaver).specs(), set(), set(), set()
    for spec in specs:
        command = (spec.group, spec.name)
        if spec.menu:
            on = post if takes(spec, Post) else village.hana
            answers(village, village.hana.picks(spec.menu, on, village.lobby), spec.menu)
            menus.add(command)
        if takes(spec, Post, required=True):
            continue
        name, options = village.path(*command), filled(spec, village)
        answers(village, village.hana.runs(village.lobby, name, **options), name)
        slash.add(command)
        for long in (one.name for one in spec.parameters if one.long and one.required):
            text = options.pop(long)
            asked = village.hana.runs(village.lobby, name, **options)
            village.waits_until(lambda asked=asked: asked.modal or asked.words)
            answers(village, village.hana.submits(asked, **{long: text}), name)
            forms.add(command)

    assert slash | menus == {(spec.group, spec.name) for spec in specs}
    assert menus >= {("amplify", "this"), ("chats", "suggest"), ("welcome", "hello")}
    assert forms >= {("chats", "schedule"), ("chats", "propose"), ("welcome", "words")}


def takes(spec: CommandSpec, kind: type, *, required: bool = False) -> bool:
    return any(one.type is kind and one.required >= required for one in spec.parameters)


def test_help_says_what_can_be_asked(village: Village) -> None:
    village.starts()
    ada = village.discord.person("Ada").joins(village.garden)

    asked = ada.runs(village.lobby, "help")

    village.waits_until(lambda: asked.words)
    assert asked.words.startswith("This is what you can ask me:")
    assert asked.ephemeral


def test_commands_are_told_once_while_they_stay_the_same(village: Village) -> None:
    village.starts()
    village.stops()
    village.starts()

    assert len(village.discord.asked_for("PUT", "/commands")) == 1


@pytest.mark.parametrize(
    ("fault", "times"),
    [("429", 3), ("502 before", 7), ("502 after commit", 2), ("cut after commit", 2)],
)
def test_commands_are_told_in_the_end_whatever_fails(
    village: Village, hurried: None, fault: str, times: int
) -> None:
    struck = village.discord.faults.add(fault, "/commands$", times=times)
    village.starts()

    assert struck.struck == times
    asked = village.hana.runs(village.lobby, "help")
    village.waits_until(lambda: asked.words)


def test_a_member_is_refused_what_is_for_hosts_and_a_role_opens_it(village: Village) -> None:
    gardeners = village.garden.role("Gardeners")
    ada = village.discord.person("Ada").joins(village.garden)
    village.starts()

    refused = ada.runs(village.lobby, "roles list")
    village.waits_until(lambda: refused.words)
    assert "is for hosts to say" in refused.words

    named = village.hana.runs(village.lobby, "roles give", audience="hosts", who=gardeners)
    village.waits_until(lambda: named.words)
    assert "Everybody with the role Gardeners is among the hosts" in named.words
    ada.gets(village.garden, gardeners)

    allowed = ada.runs(village.lobby, "pause")
    village.waits_until(lambda: allowed.words)
    assert "quiet here" in allowed.words


def test_a_channel_of_no_community_leads_to_the_servers_only_one(village: Village) -> None:
    elsewhere = village.garden.channel("elsewhere")
    village.starts()

    asked = village.hana.runs(elsewhere, "chats list")

    village.waits_until(lambda: asked.words)
    assert "Weaver does not know which" not in asked.words


@pytest.mark.parametrize("count", [1, 25, 26, 60])
def test_no_group_is_larger_than_discord_takes(count: int) -> None:
    specs = [CommandSpec("many", f"c{number}", "members", "Do.", ()) for number in range(count)]

    offered = Offered(specs)

    groups = [one for one in offered.payload if one["name"].startswith("many")]
    assert all(len(one["options"]) <= 25 for one in groups)
    assert sum(len(one["options"]) for one in groups) == count
    for number in range(count):
        group, _, name = offered.path_of(specs[number]).partition(" ")
        data = {"name": group, "options": [{"type": 1, "name": name}]}
        asked = offered.asked(data)
        assert asked is not None
        assert asked.text == f"many c{number}"


def test_what_discord_shows_has_the_lengths_and_names_that_it_takes() -> None:
    for command in Offered(SPECS, share=True).payload:
        inside = command.get("options", [])
        deeper = [option for one in inside for option in one.get("options") or ()]
        for one in (command, *inside, *deeper):
            if command.get("type", 1) == 1:
                assert 1 <= len(one["description"]) <= 100
                assert one["name"] == one["name"].lower()
            assert 1 <= len(one["name"]) <= 32
            assert len(one.get("options") or ()) <= 25
