"""Hosts say who is what; a role of the platform counts for all who have it."""

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.actions import Answer
from bot.domain.commands import AUDIENCES, admits
from bot.domain.events import CommandCalled
from bot.domain.model import Member, Post, Role
from bot.kernel.catalogue import Offers, fitting
from bot.plugin import Call, Context, Plugin
from bot.testing import ADA, GRACE, HOST, NOON
from tests.kernel.conftest import Plant
from tests.kernel.garden import LOBBY, Garden, a_plugin

GARDENERS = Role("fake", "77", "Gardeners")
FOR = ("members", "greeters", "moderators", "co-hosts", "hosts")


def for_each() -> Plugin[Any]:
    plugin = a_plugin()

    def offer(audience: Any) -> None:
        def run(call: Call, ctx: Context[Any]) -> Answer:
            return Answer(f"as {call.standing}")

        run.__name__ = audience.replace("-", "")
        plugin.command(audience=audience)(run)

    for audience in FOR:
        offer(audience)

    @plugin.command(audience="members", menu="Keep this")
    def keep(call: Call, ctx: Context[Any], post: Post) -> Answer:
        """Keep a post."""
        return Answer(f"kept {post.id}")

    @plugin.command(audience="members")
    def find(call: Call, ctx: Context[Any], name: str, count: int = 1) -> Answer:
        """Find a rose by its NAME."""
        return Answer(f"{name} x {count}")

    @plugin.complete("name")
    def names(ctx: Context[Any]) -> list[str]:
        return ["Rosa alba", "Rambling Rector", "Alba maxima"]

    @plugin.complete("count", "find")
    def counts(ctx: Context[Any]) -> list[str]:
        return ["3 of them", "13 of them"]

    return plugin


class Told:
    """Tells the garden commands as a platform with roles does."""

    def __init__(self, garden: Garden) -> None:
        self.garden, self.serial = garden, 0

    def __call__(self, text: str, member: Member = HOST, **told: Any) -> str:
        self.serial += 1
        event = CommandCalled(f"told-{self.serial}", NOON, LOBBY, member, text)
        [said] = self.garden.hears(replace(event, **told)).answers  # type: ignore[attr-defined]
        return str(said.text)


@pytest.fixture
def say(plant: Plant) -> Told:
    return Told(plant(for_each(), deliver=False))


def may(say: Told, member: Member, **told: Any) -> list[str]:
    names = [audience.replace("-", "") for audience in FOR]
    said = {name: say(f"notes {name}", member, **told) for name in names}
    return [name for name in names if said[name].startswith("as ")]


def test_each_audience_may_do_what_those_before_it_may() -> None:
    for place, audience in enumerate(AUDIENCES):
        admitted = [one for one in AUDIENCES if admits(one, audience)]
        assert admitted == list(AUDIENCES[: place + 1])


@pytest.mark.parametrize("place", range(1, len(FOR)))
def test_whom_hosts_name_may_do_what_they_named_them_for(say: Told, place: int) -> None:
    assert may(say, ADA) == ["members"]

    answer = say(f"roles give {FOR[place]} Ada", mentions=(ADA,))

    assert f"among the {FOR[place]}" in answer
    assert may(say, ADA) == [one.replace("-", "") for one in FOR[: place + 1]]
    assert may(say, GRACE) == ["members"]


def test_a_role_of_the_platform_counts_for_all_who_have_it(say: Told) -> None:
    say("roles give moderators Gardeners", named=(GARDENERS,))

    assert "moderators" in may(say, ADA, roles=(GARDENERS,))
    assert may(say, ADA) == ["members"]
    assert say("roles list") == "Moderators: Gardeners\nHosts by its settings: 1."


def test_the_highest_of_several_roles_counts(say: Told) -> None:
    say("roles give moderators Gardeners", named=(GARDENERS,))
    say("roles give greeters Ada", mentions=(ADA,))

    assert "moderators" in may(say, ADA, roles=(GARDENERS,))


def test_what_was_given_can_be_taken_and_settings_stay(say: Told) -> None:
    say("roles give hosts Ada", mentions=(ADA,))
    assert say("roles take Ada", mentions=(ADA,)) == "Ada is a member like all others now."

    assert may(say, ADA) == ["members"]
    assert "already" in say("roles take Ada", mentions=(ADA,))
    assert "settings" in say("roles take Hana", mentions=(HOST,))
    assert may(say, HOST)[-1] == "hosts"


def test_members_cannot_raise_themselves(say: Told) -> None:
    assert "for hosts to say" in say("roles give hosts Ada", ADA, mentions=(ADA,))
    assert may(say, ADA) == ["members"]


def test_who_manages_the_place_can_name_hosts_where_none_is_left(say: Told) -> None:
    assert "among the hosts" in say("roles give hosts Ada", GRACE, mentions=(ADA,), manages=True)
    assert may(say, ADA)[-1] == "hosts"
    assert may(say, GRACE, manages=True) == ["members"]


def test_a_holder_that_is_not_mentioned_is_asked_for(say: Told) -> None:
    assert "'Somebody'" in say("roles give hosts Somebody")
    assert "WHO is missing" in say("roles give hosts")
    assert "There is roles list, roles give and roles take" in say("roles dance")


def test_a_command_for_a_post_takes_the_one_it_is_about(say: Told) -> None:
    post = Post("p7", LOBBY, ADA, "Roses.", NOON)

    assert say("notes keep", ADA, about=post) == "kept p7"
    assert "in answer to the post" in say("notes keep", ADA)


def test_what_a_platform_asked_for_apart_is_taken_as_it_is(say: Told) -> None:
    given = {"name": 'count:7 "Rosa" alba', "count": "3"}

    assert say("notes find", ADA, given=given) == 'count:7 "Rosa" alba x 3'
    assert "COUNT is a whole number" in say("notes find", ADA, given={"name": "a", "count": "x"})


def test_a_text_is_completed_from_what_the_plugin_lists(say: Told) -> None:
    garden = say.garden
    offers = Offers(garden.weaver)

    specs = {spec.name: spec for spec in offers.specs()}

    def complete(begun: str, command: str = "find", parameter: str = "name") -> list[str]:
        return list(garden.run(offers.complete(LOBBY, specs[command], parameter, begun)))

    assert complete("alb") == ["Alba maxima", "Rosa alba"]
    assert complete("") == ["Rosa alba", "Rambling Rector", "Alba maxima"]
    assert complete("3", parameter="count") == ["3 of them", "13 of them"]
    assert complete("", command="pause") == complete("", "keep", "count") == []


def test_no_more_is_offered_than_a_platform_shows() -> None:
    assert len(fitting([f"rose {number}" for number in range(99)], "rose")) == 25


def test_the_catalogue_has_every_command_of_core_and_plugins(say: Told) -> None:
    offers = Offers(say.garden.weaver)
    names = {(spec.group, spec.name) for spec in offers.specs()}

    assert {("", "pause"), ("", "resume"), ("roles", "give"), ("notes", "keep")} <= names
    assert [one.id for one in offers.communities()] == ["garden"]
