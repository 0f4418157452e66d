"""The sandbox keeps the contract of adapters, both halves of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.adapters.sandbox import SandboxAdapter, SandboxStage, World
from bot.adapters.sandbox.story import BEGINNING, settle
from bot.domain.actions import (
    Action,
    DirectMessage,
    GiveRole,
    NotifyHosts,
    React,
    Reply,
    Repost,
    ScheduleEvent,
    TakeRole,
)
from bot.domain.events import MemberJoined, PostSeen
from bot.domain.model import Community, Member, Space
from bot.domain.ports import Declined, Gone, Rejected
from tests.adapters.contract import WHY, Grounds, PerformContract, action, perform, vouch
from tests.adapters.listening import ListenContract, Listened

__all__ = ["action"]
GARDEN = Community(
    "garden",
    "The garden",
    spaces=(
        Space("sandbox", "lobby", "Lobby", "lobby"),
        Space("sandbox", "GardenRoses", "#GardenRoses", "audience"),
    ),
    hosts=frozenset({"sandbox:hana"}),
)


class SandboxGrounds(Listened):
    lobby, audience = GARDEN.spaces
    nowhere = Space("sandbox", "nowhere")

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.world = World(folder / "sandbox.db", BEGINNING)
        settle(self.world, [GARDEN], example=False)
        self.adapter: SandboxAdapter = SandboxAdapter(self.world)
        self.stage = SandboxStage(self.adapter, "garden", _never)

    def joins(self, name: str) -> None:
        self.loop.run(self.stage.join(name))

    def says(self, text: str) -> str:
        return self.loop.run(self.stage.post("hana", "lobby", text))

    def asks(self, words: str) -> str:
        return self.loop.run(self.stage.command("hana", words))

    def deletes(self, post: str) -> None:
        self.loop.run(self.stage.delete("hana", post))

    def seen(self) -> list[str]:
        posts = self.world.rows("SELECT text FROM post WHERE act NOT NULL AND NOT deleted")
        return [row[0] for row in [*posts, *self.world.rows("SELECT post FROM passed")]]

    def answers(self, post: str) -> list[str]:
        found = "SELECT text FROM post WHERE parent = ? AND author IS NULL AND kind = 'reply'"
        return [row["text"] for row in self.world.rows(found, post)]

    async def quiet(self) -> None:
        await self.adapter.caught_up()


async def _never(to: object) -> None:
    """Nothing is ever due."""


@pytest.fixture
def grounds(tmp_path: Path) -> Iterator[SandboxGrounds]:
    grounds = SandboxGrounds(tmp_path)
    with grounds.loop:
        yield grounds
    grounds.world.close()


class TestActs(PerformContract):
    def test_a_link_to_a_post_is_vouched_for_while_it_stands(self, grounds: Grounds) -> None:
        elsewhere = Space("elsewhere", "roses", "Roses", "audience")
        act = Repost("key", elsewhere, grounds.lobby, grounds.says("Link to me."), why=WHY)

        with pytest.raises(Declined, match="made up"):
            vouch(grounds, act)


class TestListening(ListenContract):
    pass


def test_who_joins_arrives_in_the_lobby(grounds: SandboxGrounds) -> None:
    grounds.joins("Priya Nair")

    [event] = grounds.hear().of(MemberJoined)

    assert event.space == grounds.lobby
    assert (event.member.id, event.member.name) == ("priya-nair", "Priya Nair")


def test_a_reply_stays_in_its_thread(grounds: SandboxGrounds) -> None:
    question = grounds.says("How do you prune a rose?")
    answer = perform(grounds, Reply("a", grounds.lobby, question, "In March.", why=WHY))
    perform(grounds, Reply("b", grounds.lobby, answer, "Or later.", why=WHY))

    roots = grounds.world.rows("SELECT DISTINCT root FROM post WHERE kind = 'reply'")

    assert [row["root"] for row in roots] == [question]


def test_a_reposted_post_that_its_author_deletes_is_no_longer_shown(
    grounds: SandboxGrounds,
) -> None:
    post = grounds.says("Roses.")
    grounds.deletes(post)

    assert grounds.stage.stream() == []
    assert grounds.world.rows("SELECT text FROM post WHERE text != ''") == []


def test_what_the_sandbox_cannot_do_is_rejected(grounds: SandboxGrounds) -> None:
    with pytest.raises(Rejected, match="does not know NotifyHosts"):
        perform(grounds, NotifyHosts("key", "Something to know.", why=WHY))


def test_a_private_message_and_what_answers_it_are_for_one_person(grounds: SandboxGrounds) -> None:
    hana = Member("sandbox", "hana")
    post = perform(grounds, DirectMessage("key", grounds.lobby, hana, "Psst.", why=WHY))
    grounds.loop.run(grounds.stage.reply("hana", post, "Thanks."))

    [message] = grounds.stage.stream()
    assert message.reader is not None
    assert [entry.reader for entry in message.replies] == [message.reader]
    assert message.reader.id == "hana"
    assert not [event for event in grounds.hear().events if isinstance(event, PostSeen)]


def test_a_private_message_to_nobody_is_rejected(grounds: SandboxGrounds) -> None:
    nobody = Member("sandbox", "nobody")
    with pytest.raises(Rejected, match="nobody called nobody lives here"):
        perform(grounds, DirectMessage("key", grounds.lobby, nobody, "Psst.", why=WHY))


HANA, LOBBY = Member("sandbox", "hana"), GARDEN.spaces[0]


@pytest.mark.parametrize(
    "act",
    [
        ScheduleEvent("key", LOBBY, "Roses", BEGINNING, BEGINNING, why=WHY),
        React("key", LOBBY, "p1", "👍", why=WHY),
        GiveRole("key", LOBBY, HANA, "gardener", why=WHY),
        TakeRole("key", LOBBY, HANA, "gardener", why=WHY),
    ],
    ids=lambda act: type(act).__name__,
)
def test_what_a_world_without_calendar_and_roles_lacks_is_left_out_quietly(
    grounds: SandboxGrounds, act: Action
) -> None:
    with pytest.raises(Gone, match="no calendar"):
        perform(grounds, act)


def test_the_page_is_told_again_when_weaver_has_heard(grounds: SandboxGrounds) -> None:
    grounds.says("Roses.")
    said = grounds.stage.version()

    grounds.hear()

    assert grounds.stage.version() > said
