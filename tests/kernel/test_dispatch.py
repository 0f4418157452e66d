"""One event, one transaction: it is handled once, and whole or not at all."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection
from sqlalchemy import event as hooks
from sqlmodel import select

from bot.domain.actions import Action, SendPost
from bot.domain.events import (
    CommunityOpened,
    Event,
    MemberJoined,
    PostDeleted,
    PostEdited,
    PostSeen,
)
from bot.domain.model import Community, Member, Space
from bot.kernel import counts
from bot.plugin import Context
from bot.posts import Talk
from bot.storage.tables import CursorRow, InboxRow, LedgerRow, PostRow
from bot.testing import GRACE, NOON
from tests.kernel.conftest import Plant
from tests.kernel.garden import (
    GARDEN,
    LOBBY,
    WHY,
    Garden,
    Note,
    a_plugin,
    calls,
    joins,
    says,
)

ROBOT = Member("fake", "robot", "Robot", is_bot=True)


def noting() -> Any:
    """Make a plugin that writes every post down and answers it in the lobby."""
    plugin = a_plugin()

    @plugin.on(PostSeen)
    def note(event: PostSeen, ctx: Context[Any]) -> Iterator[Action]:
        ctx.db.add(Note(community=ctx.community.id, text=event.post.text))
        yield SendPost(ctx.key("note", event.post), event.space, event.post.text, why=WHY)

    return plugin


def contents(garden: Garden) -> dict[str, int]:
    return {
        row.__name__: garden.count(row) for row in (InboxRow, PostRow, Note, LedgerRow, CursorRow)
    }


def test_an_event_is_handled_once_however_often_it_is_told(plant: Plant) -> None:
    garden = plant(noting())

    outcomes = [garden.hears(says("hello")) for _ in range(3)]

    assert [outcome.repeated for outcome in outcomes] == [False, True, True]
    assert garden.texts() == ["hello"]
    assert len(garden.acts) == len(outcomes[0].acts) == 1


def test_an_event_is_still_known_after_a_restart(plant: Plant) -> None:
    garden = plant(noting())
    garden.hears(says("hello"))
    garden.close()
    garden.start()

    assert garden.hears(says("hello")).repeated


def test_one_platform_may_number_its_events_like_another(plant: Plant) -> None:
    elsewhere = Space("other", "lobby", "Lobby", "lobby")
    both = Community("garden", "The garden", spaces=(LOBBY, elsewhere))
    garden = plant(noting(), communities=[both])

    garden.hears(says("here"))
    assert not garden.hears(says("there", space=elsewhere)).repeated


def test_all_that_an_event_leads_to_is_committed_with_its_cursor(plant: Plant) -> None:
    garden = plant(noting())
    garden.hears(says("hello"), cursor="42")

    assert contents(garden) == dict.fromkeys(contents(garden), 1)
    assert garden.weaver._cursor("fake") == "42"


def test_the_cursor_of_a_repeated_event_is_kept_too(plant: Plant) -> None:
    garden = plant(noting())
    garden.hears(says("hello"), cursor="42")
    garden.hears(says("hello"), cursor="43")

    assert garden.weaver._cursor("fake") == "43"


@pytest.mark.parametrize("table", ["core_inbox", "core_post", "core_cursor"])
def test_a_disk_that_is_full_in_between_leaves_nothing_of_it(plant: Plant, table: str) -> None:
    garden = plant(noting(), deliver=False)

    def crash(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith(f"INSERT INTO {table}"):
            raise OSError("the disk is full")

    hooks.listen(garden.database.write, "after_cursor_execute", crash)
    with pytest.raises(OSError, match="the disk is full"):
        garden.hears(says("hello"), cursor="42")
    assert contents(garden) == dict.fromkeys(contents(garden), 0)

    hooks.remove(garden.database.write, "after_cursor_execute", crash)
    garden.hears(says("hello"), cursor="42")
    assert contents(garden) == dict.fromkeys(contents(garden), 1)


def test_two_communities_with_one_space_each_get_their_turn(plant: Plant) -> None:
    meadow = Community("meadow", "The meadow", spaces=(LOBBY,))
    garden = plant(noting(), communities=[GARDEN, meadow])

    outcome = garden.hears(says("hello"))

    assert garden.count(PostRow) == garden.count(Note) == 2
    assert garden.count(InboxRow) == 1
    assert [act.community for act in garden.acts] == ["garden", "meadow"]
    assert len(set(outcome.acts)) == 2


def test_an_event_of_a_space_nobody_has_opens_no_transaction(plant: Plant) -> None:
    garden = plant(noting(), deliver=False)
    begun: list[Any] = []
    hooks.listen(garden.database.write, "begin", begun.append)

    garden.hears(says("hello", space=Space("fake", "elsewhere")), cursor="42")
    assert begun == []

    garden.hears(says("hello"))
    assert len(begun) == 1


def test_what_bots_do_reaches_no_plugin_and_is_logged_apart(plant: Plant) -> None:
    plugin = noting()

    @plugin.on(MemberJoined)
    @plugin.on(PostEdited)
    def heard(event: Event, ctx: Context[Any]) -> Iterator[Action]:
        ctx.db.add(Note(community="", text=type(event).__name__))
        yield from ()

    garden = plant(plugin)
    seen = says("beep", member=ROBOT)
    garden.hears(seen)
    garden.hears(joins(ROBOT))
    garden.hears(PostEdited("edited-1", NOON, LOBBY, seen.post))

    assert garden.texts() == []
    assert garden.acts == []
    counted = talk(garden)
    assert (counted.originals, counted.bot_posts, counted.people) == (0, 1, 0)


def log_of(garden: Garden, connection: Connection) -> counts.Log:
    return counts.Log(connection, garden.weaver.registry.communities["garden"])


def talk(garden: Garden) -> Talk:
    """Count the lobby as a plugin would."""
    with garden.database.read.connect() as connection:
        log = log_of(garden, connection)
        return log.talk(LOBBY.key, NOON - timedelta(days=1), NOON + timedelta(days=1))


def test_a_bot_is_not_answered(plant: Plant) -> None:
    garden = plant(noting())

    assert garden.hears(calls("help", member=ROBOT)).answers == ()


def test_the_log_of_posts_follows_edits_and_deletions(plant: Plant) -> None:
    garden = plant(a_plugin())
    first, second = says("one", 1), says("two", 2, GRACE)
    garden.hears(first)
    garden.hears(second)
    before = talk(garden)
    garden.hears(PostDeleted("gone-1", NOON, LOBBY, second.post.id))
    after = talk(garden)

    assert (before.originals, before.people) == (2, 2)
    assert (after.originals, after.people) == (1, 1)


def test_weekly_counts_are_alike_on_both_databases(plant: Plant) -> None:
    garden = plant(a_plugin())
    garden.hears(says("one", 1))
    garden.hears(says("two", 2, GRACE))
    with garden.database.read.connect() as connection:
        log = log_of(garden, connection)
        until = NOON.replace(hour=0) + timedelta(days=1)
        weeks = log.by_week([LOBBY.key], until - timedelta(days=21), until)[LOBBY.key]
        assert log.seen("post-1")
        assert not log.seen("post-9")

    assert [week.originals for week in weeks] == [0, 0, 2]


def test_a_community_is_told_that_it_is_opened_at_every_start(plant: Plant) -> None:
    plugin = a_plugin()

    @plugin.on(CommunityOpened)
    def opened(event: CommunityOpened, ctx: Context[Any]) -> Iterator[Action]:
        ctx.db.add(Note(community=ctx.community.id, text="opened"))
        yield from ()

    garden = plant(plugin)
    garden.close()
    garden.start()

    assert garden.texts() == ["opened", "opened"]


def test_chance_comes_out_alike_when_an_event_is_handled_again(plant: Plant) -> None:
    plugin, rolled = a_plugin(), []

    @plugin.on(PostSeen)
    def roll(event: PostSeen, ctx: Context[Any]) -> Iterator[Action]:
        rolled.append(ctx.random.random())
        if len(rolled) == 1:
            raise ValueError("only the first time")
        yield from ()

    garden = plant(plugin)
    garden.hears(says("hello"))
    garden.hears(says("again", 2))

    first, replayed, another = rolled
    assert first == replayed != another


def test_an_event_is_handled_by_the_present_settings(plant: Plant) -> None:
    garden = plant(noting())
    garden.hears(calls("pause"))

    assert garden.weaver.registry.communities["garden"].paused


def test_a_plugin_sees_what_it_wrote_before_in_the_same_group(plant: Plant) -> None:
    plugin, seen = a_plugin(), []

    @plugin.on(PostSeen)
    def look(event: PostSeen, ctx: Context[Any]) -> Iterator[Action]:
        seen.append(len(ctx.db.exec(select(Note)).all()))
        ctx.db.add(Note(community="", text=event.post.text))
        yield from ()

    garden = plant(plugin)
    for number in range(3):
        garden.hears(says("hello", number))

    assert seen == [0, 1, 2]
