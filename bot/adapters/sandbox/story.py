"""Who lives in a new sandbox, and what they said before the visitor came. Everybody is invented."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.adapters.sandbox.world import World
from bot.domain.model import Community

BEGINNING = datetime(2026, 5, 12, 22, 20, tzinfo=UTC)
"""A Tuesday, twenty past six in the evening in New York: the weekly chat is tonight."""

PEOPLE = (
    ("tomasz", "Tomasz", "middle school", False),
    ("wen", "Wen", "high school, said yes to being passed on", False),
    ("joel", "Joel", "elementary, said no to being passed on", False),
    ("nadia", "Nadia", "high school, has not said", False),
    ("adaeze", "Adaeze", "host", True),
)


@dataclass(frozen=True, slots=True)
class Line:
    """Something said, ``before`` the beginning; ``to`` is how many lines further up it answers."""

    before: timedelta
    who: str
    text: str
    place: str = "lobby"
    to: int = 0


def _ago(days: float = 0, hours: float = 0, minutes: float = 0) -> timedelta:
    return timedelta(days=days, hours=hours, minutes=minutes)


STORY = (
    Line(_ago(15, 2), "tomasz", "Do you mark homework, or only read it?"),
    Line(_ago(15, 1), "wen", "I read it and write one question on it. They answer me back.", to=1),
    Line(_ago(15), "adaeze", "Same here. A mark ends the talk, a question starts it.", to=2),
    Line(_ago(11, 3), "nadia", "What is your first lesson after a test that went badly?"),
    Line(_ago(11, 2), "tomasz", "We sort our mistakes into families and name them.", to=1),
    Line(_ago(11, 1), "joel", "Naming them is lovely. Mine had a Zero That Ran Away.", to=2),
    Line(_ago(8, 4), "adaeze", "Reading for the train: a short piece on number talks."),
    Line(_ago(8, 2), "nadia", "Thank you, that was a good ten minutes.", to=1),
    Line(_ago(4, 5), "wen", "Whiteboards on the wall or on the table?"),
    Line(_ago(4, 4), "tomasz", "Wall. They see each other think.", to=1),
    Line(_ago(4, 3), "nadia", "Table for mine, the wall makes two of them freeze.", to=2),
    Line(_ago(0, 9), "joel", "@Weaver amplify no"),
    Line(_ago(0, 8, 50), "wen", "@Weaver amplify yes"),
    Line(
        _ago(0, 8, 30),
        "adaeze",
        '@Weaver chats schedule "Tuesdays 7:30 pm" "Wrong answers worth keeping" '
        "Which wrong answer taught your class the most this year?\n"
        "How do you make it safe to be wrong out loud?\n"
        "What will you try before we meet again?",
    ),
    Line(
        _ago(0, 5),
        "wen",
        "Anybody have an opening task for similar triangles that isn\u2019t a flagpole? "
        "#TallyMathHS",
    ),
    Line(_ago(0, 4), "nadia", "Shadows of the goal posts at noon and at three.", to=1),
    Line(
        _ago(0, 3),
        "joel",
        "Counting collections with second graders went so well that I forgot to end the lesson. "
        "#TallyMathElem",
    ),
    Line(
        _ago(0, 1),
        "nadia",
        "How much do you let them argue before you say who is right? #TallyMathHS",
    ),
    Line(
        _ago(0, 0, 25),
        "tomasz",
        "The same three hands go up every time. How do you get the rest of the room talking? "
        "#TallyMathMS",
    ),
)


def settle(world: World, communities: Iterable[Community], *, example: bool) -> None:
    """Make the places of the communities, and people to be; a story once, in the example."""
    known = list(communities)
    spaces = [one for found in known for one in found.spaces if one.platform == "sandbox"]
    hosts = [key for found in known for key in sorted(found.hosts)]
    with world.change():
        world.write("DELETE FROM place")
        for position, space in enumerate(spaces):
            world.settle((space.id, space.name, space.purpose), position)
        if world.row("SELECT 1 FROM person") is not None:
            return
        for identity, name, about, host in PEOPLE:
            if example or f"sandbox:{identity}" not in hosts:
                people = (identity, name, about if example else "", int(host and example))
                world.write("INSERT INTO person VALUES (?, ?, ?, ?)", *people)
        if example:
            _tell(world)
            return
        for key in hosts:
            platform, _, identity = key.partition(":")
            if platform == "sandbox":
                person = (identity, identity.title(), "host", 1)
                world.write("INSERT OR REPLACE INTO person VALUES (?, ?, ?, ?)", *person)


def _tell(world: World) -> None:
    """Let the story happen, at its times, inside the change."""
    made: list[str] = []
    for line in STORY:
        parent = made[-line.to] if line.to else None
        kind = "reply" if parent else "original"
        at = BEGINNING - line.before
        made.append(world.say(line.place, line.who, line.text, at, kind=kind, parent=parent))
