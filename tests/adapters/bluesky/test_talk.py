"""A mention of Weaver, or a reply to it, that reads as a command is one; all else is talk."""

from typing import Any

import pytest

from bot.adapters.bluesky.convert import happenings
from bot.adapters.bluesky.jetstream import Reader
from bot.adapters.bluesky.matcher import Matcher
from bot.adapters.bluesky.talk import Talk, homes_of
from bot.domain.events import CommandCalled, PostEdited, PostSeen, SpaceEvent
from bot.domain.model import Space
from tests.adapters.bluesky.lines import (
    ADA,
    BEA,
    WEAVER,
    commit,
    line,
    record,
    said,
    tag,
    uri,
)
from tests.adapters.bluesky.test_convert import mention

OWN = {WEAVER: "weaver", "did:plc:wall": "wall"}
HOMES = {"weaver": "#Tea"}


class Ear:
    """Reads as commands what begins with help, and remembers where it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def __call__(self, space: Space, text: str) -> bool:
        self.asked.append((space.id, text))
        return text.startswith("help")


def told(*lines: bytes, ear: Ear | None = None) -> list[SpaceEvent]:
    matcher = Matcher(["#Tea", "#Jam"], OWN)
    talk = Talk(ear or Ear(), HOMES)
    return [
        event
        for change in Reader().changes(lines)
        if (match := matcher.match(change)) is not None
        for event in happenings(change, match, OWN, talk)
    ]


def called(*lines: bytes) -> CommandCalled:
    event = told(*lines)[-1]
    assert isinstance(event, CommandCalled)
    return event


def test_a_mention_that_reads_as_a_command_is_one_and_no_post() -> None:
    event = called(said("1", "@wea, help me", facets=[mention(WEAVER, 0, 4)]))

    assert (event.text, event.post_id, event.member.id) == ("help me", uri(ADA, "1"), ADA)
    assert (event.space.id, event.space.account, event.about) == ("#Tea", "weaver", None)


@pytest.mark.parametrize(
    ("words", "facets", "text"),
    [
        ("help @wea", [mention(WEAVER, 5, 9)], "help"),
        ("@wea: help", [mention(WEAVER, 0, 4)], "help"),
        ("@wea\nhelp", [mention(WEAVER, 0, 4)], "help"),
        ("@wea \u2014 help amplify", [mention(WEAVER, 0, 4)], "help amplify"),
        ("help @wea amplify", [mention(WEAVER, 5, 9)], "help amplify"),
        ("@wea @wea help", [mention(WEAVER, 0, 4), mention(WEAVER, 5, 9)], "help"),
        ("@wall help", [mention("did:plc:wall", 0, 5)], "help"),
    ],
)
def test_the_names_of_weavers_accounts_are_no_words_of_it(
    words: str, facets: list[Any], text: str
) -> None:
    assert called(said("1", words, facets=facets)).text == text


def test_a_reply_to_weaver_is_a_command_and_says_what_it_is_about() -> None:
    ours = uri(WEAVER, "9")
    event = called(said("1", "help", reply=[uri(BEA, "1"), ours]))

    assert event.about is not None
    assert (event.about.id, event.about.author.is_bot) == (ours, True)


def test_a_reply_to_anybody_that_mentions_weaver_is_about_what_it_answers() -> None:
    post = said("1", "@wea help", facets=[mention(WEAVER, 0, 4)], reply=[uri(BEA, "1")])

    event = called(said("t", "#Jam", BEA), post)
    assert event.about is not None
    assert (event.about.id, event.about.author.id) == (uri(BEA, "1"), BEA)


def test_other_people_are_named_by_their_handles() -> None:
    facets = [mention(WEAVER, 0, 4), mention(BEA, 10, 22)]
    event = called(said("1", "@wea help @bea.example", facets=facets))

    assert [(one.id, one.name) for one in event.mentions] == [(BEA, "bea.example")]
    assert event.text == "help @bea.example"


@pytest.mark.parametrize(
    "post",
    [
        said("1", "@wea thank you, that helped", facets=[mention(WEAVER, 0, 4)]),
        said("1", "help", reply=[uri(BEA, "1")]),
        said("1", "@wea help", facets=[mention(WEAVER, 0, 99)]),
        said("1", "@wea help"),
        said("1", "help", WEAVER, reply=[uri(WEAVER, "0")]),
        line(commit("update", "1", record("@wea help", facets=[mention(WEAVER, 0, 4)]))),
    ],
)
def test_talk_and_lies_are_no_commands(post: bytes) -> None:
    assert not [event for event in told(post) if isinstance(event, CommandCalled)]


def test_a_post_that_is_edited_into_a_command_is_none() -> None:
    edited = record("@wea help #Tea", facets=[mention(WEAVER, 0, 4)])
    events = told(said("1", "Hello, #Tea"), line(commit("update", "1", edited)))

    assert [type(event) for event in events] == [PostSeen, PostEdited]


def test_talk_in_a_tracked_space_is_a_post_there() -> None:
    facets = [mention(WEAVER, 0, 4), tag("Tea", 12, 16)]
    [event] = told(said("1", "@wea look, #Tea", facets=facets))

    assert isinstance(event, PostSeen)
    assert event.post.calls_on(Space("bluesky", "weaver"))


def test_a_command_belongs_to_the_first_space_it_is_tracked_in() -> None:
    ear, facets = Ear(), [mention(WEAVER, 0, 4)]
    [event] = told(said("1", "@wea help #Jam #Tea", facets=facets), ear=ear)

    assert event.space.id == "#Jam"
    assert ear.asked == [("#Jam", "help #Jam #Tea")]


def test_what_is_said_under_an_answer_belongs_to_the_accounts_home() -> None:
    ours = said("9", "This is what you can ask me.", WEAVER)

    assert told(ours, said("1", "help", reply=[uri(WEAVER, "9")]))[-1].space.id == "#Tea"


def test_a_command_is_the_same_at_every_replay_and_each_is_its_own() -> None:
    lines = [said(n, "@wea help", facets=[mention(WEAVER, 0, 4)]) for n in "12"]

    assert [event.id for event in told(*lines)] == [event.id for event in told(*lines)]
    assert len({event.id for event in told(*lines)}) == 2


def test_without_a_sense_for_commands_nothing_is_one() -> None:
    matcher = Matcher(["#Tea"], OWN)
    [change] = Reader().changes([said("1", "@wea help", facets=[mention(WEAVER, 0, 4)])])
    match = matcher.match(change)

    assert match is not None
    assert not list(happenings(change, match, OWN))


def test_each_account_has_a_home() -> None:
    spaces = [
        Space("sandbox", "lobby"),
        Space("bluesky", "#Tea"),
        Space("bluesky", "#Jam", account="jam"),
        Space("bluesky", "#More", account="jam"),
        Space("bluesky", "wall", account="weaver"),
    ]

    assert homes_of(spaces) == {"wall": "wall", "weaver": "#Tea", "jam": "#Jam"}
