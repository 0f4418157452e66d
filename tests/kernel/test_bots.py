"""Accounts that hosts said are bots, occasions, and whom posts name: on both databases."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from bot.api import Occasion
from bot.domain.actions import Answer
from bot.domain.events import PostSeen
from bot.domain.model import Member, Post
from bot.kernel.statements import DAYS, POSTS
from bot.plugin import Call, Context
from bot.testing import ADA, GRACE, HOST, NOON
from tests.kernel.conftest import Plant
from tests.kernel.garden import LOBBY, TEA, Garden, a_plugin, calls

HOUR = timedelta(hours=1)


def acting(work: Any) -> Any:
    """A plugin whose command does something with its context."""
    plugin = a_plugin()

    @plugin.command(audience="members")
    def act(call: Call, ctx: Context[Any]) -> Answer:
        """Do it."""
        return Answer(str(work(ctx)))

    return plugin


def says(
    number: int, who: Member, to: str | None = None, mentions: tuple[Member, ...] = ()
) -> PostSeen:
    at, kind = NOON + number * HOUR, "reply" if to else "original"
    post = Post(f"p{number}", LOBBY, who, "Words", at, kind, to, to, mentions=mentions)  # type: ignore[arg-type]
    return PostSeen(f"seen-{number}", at, LOBBY, post)


def kept(garden: Garden) -> tuple[list[Any], list[Any]]:
    with garden.database.read.connect() as connection:
        day = connection.execute(select(DAYS.c.originals, DAYS.c.replies, DAYS.c.bot_posts)).all()
        first = connection.execute(
            select(POSTS.c.post, POSTS.c.first_answerer).order_by(POSTS.c.post)
        ).all()
    return [tuple(row) for row in day], [row[1] for row in first]


def test_a_marked_account_counts_nowhere_and_may_count_again(plant: Plant) -> None:
    works: list[Any] = [
        lambda ctx: ctx.bots.mark(LOBBY.key, "gone"),
        lambda ctx: ctx.bots.unmark(LOBBY.key, "p2"),
        lambda ctx: ctx.bots.mark(LOBBY.key, "p2"),
    ]
    garden = plant(acting(lambda ctx: works.pop()(ctx)))  # noqa: PLW0108 - another each time
    garden.hears(says(1, ADA))
    garden.hears(says(2, GRACE, "p1"))
    before = kept(garden)

    garden.hears(calls("notes act", 1))
    assert kept(garden) == ([(1, 0, 1)], [None, None])
    garden.hears(says(3, GRACE))
    assert kept(garden)[0] == [(1, 0, 2)]

    garden.hears(calls("notes act", 2))
    assert kept(garden) == ([(2, 1, 0)], [GRACE.key, None, None])
    assert before == ([(1, 1, 0)], [GRACE.key, None])
    [answer] = garden.hears(calls("notes act", 3)).answers
    assert answer.text == "False"


def test_a_host_is_never_marked(plant: Plant) -> None:
    garden = plant(acting(lambda ctx: ctx.bots.mark(LOBBY.key, "p1")))
    garden.hears(says(1, HOST))

    [answer] = garden.hears(calls("notes act", 1)).answers
    assert "stays a person's" in answer.text
    assert kept(garden)[0] == [(1, 0, 0)]


def test_occasions_are_replaced_by_name_and_read_by_window(plant: Plant) -> None:
    def work(ctx: Context[Any]) -> list[str]:
        held = Occasion(LOBBY.key, NOON, NOON + HOUR)
        ctx.occasions.record("1", held)
        ctx.occasions.record("1", Occasion(LOBBY.key, NOON + HOUR, NOON + 2 * HOUR))
        ctx.occasions.record("2", Occasion(TEA.key, NOON, NOON + HOUR, "event"))
        ctx.occasions.record("3", held)
        return [
            str(ctx.occasions.drop("3")),
            str(ctx.occasions.drop("3")),
            *(one.kind for one in ctx.occasions.of(TEA.key, NOON, NOON + HOUR)),
            *(f"{one.begins:%H}" for one in ctx.occasions.of(LOBBY.key, NOON, NOON + 5 * HOUR)),
            *(one.kind for one in ctx.occasions.of(LOBBY.key, NOON, NOON + HOUR)),
        ]

    garden = plant(acting(work))

    [answer] = garden.hears(calls("notes act", 1)).answers
    assert answer.text == "['True', 'False', 'event', '13']"


def test_whom_posts_name_is_forgotten_after_two_weeks(plant: Plant) -> None:
    garden = plant(a_plugin())
    garden.hears(says(1, ADA, mentions=(GRACE, Member("fake", "robot", is_bot=True))))

    def names() -> Any:
        with garden.database.read.connect() as connection:
            return connection.execute(select(POSTS.c.mentions)).scalar()

    assert names() == GRACE.key
    garden.clock.move(NOON + timedelta(days=14))
    garden.run(garden.weaver.scheduler.keep_house())
    assert names() == GRACE.key
    garden.clock.move(NOON + timedelta(days=15))
    garden.run(garden.weaver.scheduler.keep_house())
    assert names() is None
