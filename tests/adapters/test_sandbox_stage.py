"""What a visitor may do on the sandbox's stage, and how each mistake is told."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.adapters.sandbox import SandboxAdapter, SandboxStage, World
from bot.adapters.sandbox.stage import LONGEST
from bot.adapters.sandbox.story import BEGINNING, settle
from bot.domain.actions import Button, Picture, Repost, SendPost
from bot.domain.errors import UserError
from bot.domain.model import Community, Space
from bot.domain.ports import Delivery

SPACES = (
    Space("sandbox", "lobby", "Lobby", "lobby"),
    Space("sandbox", "shed", "Potting shed", "talk"),
    Space("sandbox", "GardenRoses", "#GardenRoses", "audience"),
)
GARDEN = Community("garden", "The garden", spaces=SPACES, hosts=frozenset({"sandbox:hana"}))
Doing = Callable[[SandboxStage], Awaitable[object]]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path / "sandbox.db", BEGINNING)
    settle(world, [GARDEN], example=False)
    yield world
    world.close()


@pytest.fixture
def stage(world: World) -> SandboxStage:
    return stage_of(world)


def stage_of(world: World) -> SandboxStage:
    async def advance(to: datetime | None) -> datetime | None:
        if to is not None:
            world.move(max(to, world.now()))
        return to

    return SandboxStage(SandboxAdapter(world), "garden", advance)


@pytest.fixture
def post(stage: SandboxStage) -> str:
    return do(stage, lambda stage: stage.post("hana", "lobby", "The roses are out. #GardenRoses"))


def do(stage: SandboxStage, doing: Doing) -> str:
    async def done() -> object:
        return await doing(stage)

    return str(asyncio.run(done()))


def refused(stage: SandboxStage, doing: Doing) -> str:
    version = stage.version()
    with pytest.raises(UserError) as refusal:
        do(stage, doing)
    assert stage.version() == version, "a mistake changes nothing"
    assert "\n" not in str(refusal.value)
    return str(refusal.value)


@pytest.mark.parametrize(
    ("doing", "said"),
    [
        (lambda stage: stage.post("hana", "lobby", "  \n "), "nothing to post"),
        (lambda stage: stage.post("hana", "lobby", "x" * (LONGEST + 1)), "300 characters"),
        (lambda stage: stage.post("nobody", "lobby", "Hello."), "nobody here"),
        (lambda stage: stage.post("hana", "attic", "Hello."), "choose one of lobby, shed"),
        (lambda stage: stage.post("hana", "GardenRoses", "Hello."), "choose one of lobby, shed"),
        (lambda stage: stage.reply("hana", "p99", "Hello."), "gone"),
        (lambda stage: stage.reply("hana", "p1", ""), "nothing to post"),
        (lambda stage: stage.reply("nobody", "p1", "Hello."), "nobody here"),
        (lambda stage: stage.repost("hana", "p1"), "your own"),
        (lambda stage: stage.repost("hana", "no post"), "gone"),
        (lambda stage: stage.repost("nobody", "p1"), "nobody here"),
        (lambda stage: stage.delete("hana", "p99"), "gone"),
        (lambda stage: stage.delete("nobody", "p1"), "nobody here"),
        (lambda stage: stage.command("nobody", "help"), "nobody here"),
        (lambda stage: stage.command("hana", "x" * 5000), "characters"),
        (lambda stage: stage.join(""), "letters"),
        (lambda stage: stage.join("!?"), "letters"),
        (lambda stage: stage.join("x" * 41), "letters"),
        (lambda stage: stage.join("HANA"), "already"),
        (lambda stage: stage.join("Weaver"), "already"),
        (lambda stage: stage.move_clock(BEGINNING - timedelta(hours=1)), "cannot go back"),
        (lambda stage: stage.move_clock(BEGINNING + timedelta(days=4000)), "at a time"),
        (lambda stage: stage.move_clock(None), "nothing is due"),
    ],
)
def test_a_mistake_is_told_in_one_line_and_changes_nothing(
    stage: SandboxStage, post: str, doing: Doing, said: str
) -> None:
    assert post == "p1"
    assert said in refused(stage, doing)


def test_only_its_author_deletes_a_post(stage: SandboxStage, post: str) -> None:
    do(stage, lambda stage: stage.join("Priya"))

    assert "who wrote" in refused(stage, lambda stage: stage.delete("priya", post))


def test_a_post_is_deleted_once(stage: SandboxStage, post: str) -> None:
    do(stage, lambda stage: stage.delete("hana", post))

    assert "gone" in refused(stage, lambda stage: stage.delete("hana", post))
    assert "gone" in refused(stage, lambda stage: stage.reply("hana", post, "Late."))


def test_a_deleted_post_keeps_its_place_only_while_answers_hang_from_it(
    stage: SandboxStage, post: str
) -> None:
    answer = do(stage, lambda stage: stage.reply("hana", post, "So they are."))
    do(stage, lambda stage: stage.delete("hana", post))

    [entry] = stage.stream()
    assert (entry.deleted, entry.text, len(entry.replies)) == (True, "", 1)

    do(stage, lambda stage: stage.delete("hana", answer))
    assert stage.stream() == []


def test_a_place_shows_what_was_said_or_passed_on_there(
    stage: SandboxStage, world: World, post: str
) -> None:
    act = Repost("key", SPACES[2], SPACES[0], post, why="A test asked for it.")
    asyncio.run(
        SandboxAdapter(world).perform(act, Delivery("key", BEGINNING, 1, "sandbox:GardenRoses"))
    )

    assert [entry.id for entry in stage.stream("GardenRoses")] == [post]
    assert [entry.id for entry in stage.stream("shed")] == []
    assert stage.stream()[0].passed_on_to == ("#GardenRoses",)
    assert [place.count for place in stage.places()] == [1, 0, 1]


def test_a_place_that_is_gone_from_the_settings_takes_its_posts_out_of_sight_not_away(
    stage: SandboxStage, world: World, post: str
) -> None:
    do(stage, lambda stage: stage.post("hana", "shed", "Who has the spade?"))

    settle(world, [replace(GARDEN, spaces=SPACES[:1])], example=False)
    assert [entry.id for entry in stage.stream()] == [post]

    settle(world, [GARDEN], example=False)
    assert len(stage.stream()) == 2


def test_without_a_lobby_people_ask_where_they_talk(stage: SandboxStage, world: World) -> None:
    settle(world, [replace(GARDEN, spaces=SPACES[1:])], example=False)

    do(stage, lambda stage: stage.command("hana", "help"))

    [entry] = stage.stream()
    assert (entry.place.id, entry.text) == ("shed", "@Weaver help")


def test_a_name_becomes_an_id_that_an_address_can_hold(stage: SandboxStage) -> None:
    person = asyncio.run(stage.join("  Zoë   van Dijk "))

    assert (person.id, person.name) == ("zoë-van-dijk", "Zoë van Dijk")
    assert stage.people()[-1] == person


def test_what_a_page_offers_as_next_may_have_happened_already(
    stage: SandboxStage, world: World
) -> None:
    world.move(BEGINNING + timedelta(hours=2))
    before = stage.now()

    do(stage, lambda stage: stage.move_clock(BEGINNING + timedelta(hours=1, minutes=58)))

    assert stage.now() >= before


DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" width="3" height="2"/>'


def test_buttons_and_pictures_stand_under_the_words_until_those_go(
    world: World, stage: SandboxStage
) -> None:
    button, picture = Button("See the routes", "amplify list"), Picture("Nothing", DRAWING)
    act = SendPost("k1", SPACES[0], "Look", (button,), (picture,), why="To see.")
    adapter = SandboxAdapter(world)
    post = asyncio.run(adapter.perform(act, Delivery("k1", BEGINNING, 1, "sandbox:weaver")))

    [shown] = stage.stream()
    image = asyncio.run(stage.picture(post, 0))
    assert (shown.buttons, shown.pictures) == ((button,), (picture,))
    assert image is not None
    assert (image.data.decode(), image.type) == (DRAWING, "image/svg+xml")

    with world.change():
        world.take_away(post, world.now())
    assert asyncio.run(stage.picture(post, 0)) is None


def test_a_world_from_before_pictures_is_taken_up(tmp_path: Path) -> None:
    path = tmp_path / "sandbox.db"
    World(path, BEGINNING).close()
    with closing(sqlite3.connect(path)) as older:
        older.execute("ALTER TABLE post DROP COLUMN shown")

    world = World(path, BEGINNING)
    settle(world, [GARDEN], example=False)
    with world.change():
        world.say("lobby", "hana", "Still here", world.now())
    [entry] = stage_of(world).stream()
    world.close()

    assert (entry.text, entry.pictures) == ("Still here", ())
