"""The page says in words what the ledger keeps in states."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.hashtags import fold, hashtags
from bot.domain.pages import Act, Entry, Person
from bot.web.threads import Loom, pieces, with_tags
from bot.web.times import WallClock
from bot.web.words import DEEDS, SENTENCES, STATES, tell
from tests.web.village import LOBBY, START

NEW_YORK = WallClock("America/New_York", START)


def act(kind: str = "SendPost", state: str = "done", **more: str) -> Act:
    return Act(1, "k1", "tallymath", kind, state, "A rule.", START, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", [*DEEDS, "LeaveAlone", "SomethingNew"])
@pytest.mark.parametrize("state", [*SENTENCES, "unheard-of"])
def test_every_act_in_every_state_is_one_sentence(kind: str, state: str) -> None:
    sentence = tell(act(kind, state)).sentence

    assert sentence.startswith("Weaver ")
    assert sentence.endswith(".")
    assert "{" not in sentence


def test_what_a_platform_has_no_place_for_was_not_called_off() -> None:
    told = tell(
        replace(act("ScheduleEvent", "cancelled", error="there is no calendar"), attempts=1)
    )

    assert told.sentence == "Weaver did not put this into the calendar: there is no calendar."
    assert told.state == "left out"
    assert tell(act("ScheduleEvent", "cancelled")).state == "called off before it happened"


def test_every_state_with_a_sentence_has_plain_words_of_its_own() -> None:
    assert STATES.keys() == SENTENCES.keys()


@pytest.mark.parametrize(
    ("kind", "state", "possible"),
    [
        ("SendPost", "done", True),
        ("Repost", "todo", True),
        ("Repost", "held", True),
        ("Repost", "sending", False),
        ("Repost", "undone", False),
        ("SendPost", "dead", False),
        ("LeaveAlone", "done", False),
        ("Undo", "done", False),
    ],
)
def test_only_what_would_change_something_can_be_taken_back(
    kind: str, state: str, possible: bool
) -> None:
    assert tell(act(kind, state)).can_be_taken_back is possible


def test_a_decision_is_a_persons_or_a_rules() -> None:
    wen = Person("wen", "Wen")

    assert tell(act(actor="sandbox:wen"), [wen]).decided_by == "Wen"
    assert tell(act(actor="cli"), [wen]).decided_by == "cli"
    assert tell(act(plugin="welcome")).decided_by == "a rule of “welcome”"
    assert tell(act()).decided_by == "a rule of Weaver itself"


@given(st.text(max_size=80), st.lists(st.text(min_size=1, max_size=8), max_size=4))
def test_cutting_a_text_at_its_tags_loses_nothing(text: str, tags: list[str]) -> None:
    assert "".join(piece.text for piece in pieces(text, tags)) == text


def test_a_tag_is_not_found_inside_a_longer_word() -> None:
    found = [piece.tag for piece in pieces("#ab, #a and x#a", ["a", "ab"]) if piece.tag]

    assert found == ["ab", "a"]


@given(st.text(max_size=40), st.permutations(["TallyMathMS", "TallyMathHS", "#tallymathms"]))
def test_tags_are_added_once_however_often_asked(text: str, tags: list[str]) -> None:
    once = with_tags(text, tags)

    assert with_tags(once, tags) == once
    assert {fold(tag.lstrip("#")) for tag in tags} <= {
        fold(tag) for tag in hashtags(once, "bluesky")
    }


def test_a_thread_is_laid_flat_oldest_first() -> None:
    def post(number: int, *replies: Entry, to: str | None = None) -> Entry:
        at = START + timedelta(minutes=number)
        return Entry(str(number), LOBBY, None, "", at, reply_to=to, replies=replies)

    thread = post(1, post(2, post(4, to="2"), to="1"), post(3, to="1"))

    laid = Loom([], [], lambda _key: None).thread(thread)

    assert [reply.entry.id for reply in laid.replies] == ["2", "3", "4"]
    assert [reply.to for reply in laid.replies] == ["", "", "Weaver"]


def test_an_older_act_is_looked_up() -> None:
    post = Entry("1", LOBBY, None, "Hello", START, act_key="k1")

    said = Loom([], [], lambda key: act() if key == "k1" else None).thread(post)

    assert said.act is not None
    assert said.act.act == act()


def test_acts_hang_in_the_order_they_were_decided() -> None:
    acts = [
        Act(seq, f"k{seq}", "t", "Repost", "todo", "A rule.", START, ref="1") for seq in range(3)
    ]
    post = Entry("1", LOBBY, None, "Hello", START)

    for order in permutations(acts):
        said = Loom(order, [], lambda _key: None).thread(post)
        assert [told.act for told in said.acts] == acts


@pytest.mark.parametrize(
    ("later", "words"),
    [
        (timedelta(0), "7:24 pm"),
        (timedelta(hours=-7, minutes=-24), "noon"),
        (timedelta(days=3), "Friday, 7:24 pm"),
        (timedelta(days=7), "Tuesday 19 May, 7:24 pm"),
        (timedelta(days=-1), "Monday 11 May, 7:24 pm"),
        (timedelta(days=400), "Wednesday 16 June 2027, 7:24 pm"),
    ],
)
def test_a_time_is_said_with_as_much_date_as_it_needs(later: timedelta, words: str) -> None:
    assert NEW_YORK.near(START + later) == words


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - hypothesis wants naive bounds
def test_what_a_form_shows_is_read_back_as_the_same_wall_time(at: datetime) -> None:
    shown = NEW_YORK.field(at)

    assert NEW_YORK.field(NEW_YORK.read(shown)) == shown
    assert NEW_YORK.read(NEW_YORK.stamp(at)) == at.replace(microsecond=0)
