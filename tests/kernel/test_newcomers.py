"""What the log says of people's first steps, alike on both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert

from bot.domain.model import Community, Member, Space
from bot.kernel.days import rebuild
from bot.kernel.newcomers import began, first_steps
from bot.kernel.registry import Looked
from bot.kernel.statements import POSTS, SPACES
from bot.posts import FirstSteps
from bot.storage.database import Database
from bot.storage.types import MICROSECOND

THEN, HOUR, DAY = datetime(2026, 1, 1, tzinfo=UTC), timedelta(hours=1), timedelta(days=1)
GARDEN = Looked(
    Community("garden", "The garden", spaces=(Space("x", "one"), Space("x", "two"))),
    (),
    paused=False,
    space_ids={"x:one": 1, "x:two": 2},
    holders={},
    handlers={},
)
ADA, GRACE = Member("x", "ada"), Member("x", "grace")


def _post(name: str, author: Member, at: datetime, parent: str | None = None, space: int = 1):  # noqa: ANN202
    kind = "reply" if parent else "original"
    values = {"space": space, "post": name, "author": author.key, "at": at, "kind": kind}
    thread = {"parent": parent, "root": parent, "link": False, "bare": False, "marked": False}
    return {**values, "bot": author.is_bot, **thread}


def _log(database: Database, *posts: dict[str, object]) -> None:
    with database.write.begin() as connection:
        connection.execute(insert(POSTS), list(posts))
        connection.execute(insert(SPACES), [_space(number) for number in (1, 2, 3)])
        rebuild(connection)


def _space(number: int) -> dict[str, object]:
    """The third is another community's."""
    more = {"name": "", "purpose": "talk", "position": number, "account": ""}
    community = "garden" if number < 3 else "shed"
    return {"id": number, "community": community, "platform": "x", "native": str(number), **more}


def _steps(database: Database, since: datetime, until: datetime) -> list[FirstSteps]:
    with database.read.connect() as connection:
        return first_steps(connection, GARDEN, since, until, 7 * DAY)


def test_what_somebody_began_while_new_is_listed_with_its_first_answer(database: Database) -> None:
    robot = replace(GRACE, id="robot", is_bot=True)
    _log(
        database,
        _post("a", ADA, THEN),
        _post("own", ADA, THEN + HOUR, "a"),
        _post("bots", robot, THEN + 2 * HOUR, "a"),
        _post("late", GRACE, THEN + 4 * HOUR, "a"),
        _post("soon", GRACE, THEN + 3 * HOUR, "a"),
        _post("b", ADA, THEN + DAY, space=2),
        _post("last", ADA, THEN + 7 * DAY),
        _post("old", ADA, THEN + 7 * DAY + MICROSECOND),
        _post("own of a bot", robot, THEN),
        _post("told to be a bot's", ADA, THEN + HOUR) | {"bot": True},
        _post("elsewhere", Member("x", "eve"), THEN, space=3),
        _post("before, elsewhere", ADA, THEN - 30 * DAY, space=3),
        _post("passed on before", ADA, THEN - 20 * DAY) | {"kind": "repost"},
    )

    found = _steps(database, THEN, THEN + 30 * DAY)

    assert found == [
        FirstSteps(ADA, "x:one", "a", THEN, THEN, THEN + 3 * HOUR),
        FirstSteps(ADA, "x:two", "b", THEN + DAY, THEN, None),
        FirstSteps(ADA, "x:one", "last", THEN + 7 * DAY, THEN, None),
    ]


def test_somebody_who_was_here_before_the_window_is_new_no_more(database: Database) -> None:
    _log(database, _post("a", ADA, THEN), _post("b", ADA, THEN + 20 * DAY))

    assert _steps(database, THEN + 10 * DAY, THEN + 30 * DAY) == []


def test_an_answer_after_the_window_is_not_known_yet(database: Database) -> None:
    _log(database, _post("a", ADA, THEN), _post("b", GRACE, THEN + DAY, "a"))

    [step] = _steps(database, THEN, THEN + DAY)
    assert step.answered is None


def test_the_log_begins_with_its_first_post(database: Database) -> None:
    with database.read.connect() as connection:
        assert began(connection, GARDEN) is None
    _log(
        database,
        _post("b", ADA, THEN + DAY),
        _post("a", ADA, THEN),
        _post("x", ADA, THEN - DAY, space=3),
    )

    with database.read.connect() as connection:
        assert began(connection, GARDEN) == THEN
