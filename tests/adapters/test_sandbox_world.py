"""The sandbox's world lasts, its time only goes on, and a file that is no world stays as it is."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.adapters.sandbox import World
from bot.adapters.sandbox.story import BEGINNING, settle
from bot.adapters.sandbox.world import AHEAD
from bot.domain.errors import UserError
from bot.domain.model import Community, Space

LOBBY = Space("sandbox", "lobby", "Lobby", "lobby")
GARDEN = Community("garden", "The garden", spaces=(LOBBY,), hosts=frozenset({"sandbox:hana"}))
Opener = Callable[[], World]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "sandbox.db"


@pytest.fixture
def opened(path: Path) -> Iterator[Opener]:
    worlds: list[World] = []

    def open_() -> World:
        worlds.append(World(path, BEGINNING))
        settle(worlds[-1], [GARDEN], example=False)
        return worlds[-1]

    yield open_
    for world in worlds:
        world._db.close()


def says(world: World, text: str) -> str:
    with world.change():
        return world.say("lobby", "hana", text, world.now())


def test_a_world_goes_on_where_it_was_left(opened: Opener) -> None:
    world = opened()
    post = says(world, "The roses are out.")
    happened = world.latest()
    world.close()

    again = opened()

    found = again.post(post)
    assert found
    assert found["text"] == "The roses are out."
    assert again.latest() == happened


def test_a_new_world_begins_at_the_beginning(opened: Opener) -> None:
    assert BEGINNING <= opened().now() < BEGINNING + timedelta(minutes=1)


def test_its_clock_stands_still_while_nobody_runs_it(opened: Opener) -> None:
    world = opened()
    world.move(BEGINNING + timedelta(days=3))
    world.close()
    left = world.now()
    time.sleep(0.05)

    again = opened()

    assert left - timedelta(seconds=5) < again.now() < left + timedelta(seconds=5)
    assert again.now() >= BEGINNING + timedelta(days=3)


def test_its_clock_never_runs_backwards_even_when_it_was_killed(opened: Opener) -> None:
    world = opened()
    says(world, "The roses are out.")
    read = world.now()  # and then the lights go out

    again = opened()

    assert read <= again.now() <= read + AHEAD + timedelta(seconds=30)


def test_its_clock_never_runs_backwards_however_often_it_is_moved_and_left(opened: Opener) -> None:
    last = BEGINNING
    for number in range(6):
        world = opened()
        assert world.now() >= last
        world.move(world.now() + timedelta(hours=number))
        last = world.now()
        if number % 2:
            world.close()


def test_deleting_takes_the_words_at_once(opened: Opener, path: Path) -> None:
    world = opened()
    post = says(world, "A slip of the tongue.")

    with world.change():
        world.take_away(post, world.now())

    with closing(sqlite3.connect(path)) as other:
        assert other.execute("SELECT text, deleted FROM post").fetchall() == [("", 1)]


def test_a_change_that_fails_leaves_nothing(opened: Opener) -> None:
    world = opened()
    version, happened = world.version, world.latest()

    def fail() -> None:
        with world.change():
            world.say("lobby", "hana", "Half a thought", world.now())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()

    assert (world.version, world.latest()) == (version, happened)
    assert world.rows("SELECT * FROM post") == []


def test_a_place_that_gets_another_name_keeps_its_posts(opened: Opener) -> None:
    world = opened()
    post = says(world, "The roses are out.")

    renamed = replace(LOBBY, name="Conservatory")
    settle(world, [replace(GARDEN, spaces=(renamed,))], example=False)

    [place] = world.rows("SELECT id, name FROM place")
    assert tuple(place) == ("lobby", "Conservatory")
    found = world.post(post)
    assert found
    assert found["place"] == "lobby"


def test_the_story_is_told_once(path: Path) -> None:
    counts = []
    for _ in range(2):
        world = World(path, BEGINNING)
        settle(world, [GARDEN], example=True)
        counts.append(len(world.rows("SELECT * FROM post")))
        world.close()

    assert counts[0] > 10
    assert counts[0] == counts[1]


def test_hosts_of_the_settings_live_there(opened: Opener) -> None:
    [hana] = opened().rows("SELECT * FROM person WHERE host")

    assert hana["id"] == "hana"


def garbage(path: Path) -> None:
    path.write_bytes(b"no database at all, but long enough to pass for one " * 100)


def another_programs(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE recipe (name TEXT)")
        other.commit()


def damaged(path: Path) -> None:
    world = World(path, BEGINNING)
    settle(world, [GARDEN], example=True)
    world.close()
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)


def cut_short(path: Path) -> None:
    world = World(path, BEGINNING)
    settle(world, [GARDEN], example=True)
    world.close()
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


@pytest.mark.parametrize("spoil", [garbage, another_programs, damaged, cut_short])
def test_a_file_that_is_no_whole_world_is_refused_and_left_as_it_is(
    path: Path, spoil: Callable[[Path], None]
) -> None:
    spoil(path)
    before = path.read_bytes()

    with pytest.raises(UserError) as refusal:
        World(path, BEGINNING)

    assert str(path) in str(refusal.value)
    assert "move it away" in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert path.read_bytes() == before


def test_a_folder_in_its_place_is_refused(path: Path) -> None:
    path.mkdir()

    with pytest.raises(UserError, match="move it away"):
        World(path, BEGINNING)
