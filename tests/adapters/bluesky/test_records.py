"""Records are made of the act alone: the same act gives the same record, another one another."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.bluesky.records import (
    MOST_POSTS,
    Mark,
    Strong,
    as_bot,
    created,
    is_bot,
    missing_tag,
    parts_of_uri,
    thread_of,
    with_contact,
)
from bot.adapters.bluesky.words import graphemes, posts
from bot.domain.contact import WHO

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MOMENTS = st.integers(1_600_000_000, 4_000_000_000).map(
    lambda second: datetime.fromtimestamp(second, UTC) + timedelta(microseconds=second % 10**6)
)
ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"
HERE = Strong("at://did:plc:a/app.bsky.feed.post/3k", "cid-here")


@given(st.text(), MOMENTS, st.integers(0, MOST_POSTS - 1))
def test_a_record_key_is_a_tid_of_a_moment_before_the_decision(
    key: str, at: datetime, part: int
) -> None:
    rkey = Mark(key, at).rkey(part)

    value = 0
    for letter in rkey:
        value = value << 5 | ALPHABET.index(letter)
    told = datetime.fromtimestamp((value >> 10) / 1_000_000, UTC)
    assert len(rkey) == 13
    assert rkey[0] in "234567abcdefghij"
    assert timedelta(0) <= at - told <= timedelta(seconds=2)


@given(st.text(), MOMENTS)
def test_the_parts_of_a_thread_follow_one_another(key: str, at: datetime) -> None:
    keys = [Mark(key, at).rkey(part) for part in range(MOST_POSTS)]

    assert keys == sorted(set(keys))


def test_many_acts_of_one_second_have_keys_of_their_own() -> None:
    assert len({Mark(f"act {number}", NOON).rkey() for number in range(1000)}) == 1000


def test_a_moment_is_written_as_records_do() -> None:
    assert created(NOON) == "2026-03-02T12:00:00.000Z"


def test_a_reply_hangs_under_its_post_in_the_thread_of_its_root() -> None:
    root = {"uri": "at://did:plc:b/app.bsky.feed.post/3j", "cid": "cid-root"}

    thread = thread_of(HERE, {"reply": {"root": root, "parent": root}})

    assert (thread.root.json, thread.parent) == (root, HERE)


@pytest.mark.parametrize("record", [{}, {"reply": None}, {"reply": {"root": {"uri": ""}}}])
def test_a_post_that_is_no_reply_is_the_root(record: dict[str, object]) -> None:
    assert thread_of(HERE, record).root == HERE


def test_a_hashtag_space_lends_its_tag_to_words_that_lack_it() -> None:
    assert missing_tag("#TallyMath", posts("Good evening.")) == ("TallyMath",)
    assert missing_tag("#TallyMath", posts("Good evening, #tallymath.")) == ()
    assert missing_tag("weaver", posts("Good evening.")) == ()


@pytest.mark.parametrize("uri", ["", "no-such-post", "https://a/b/c", "at://a/b", "at://a//c"])
def test_what_is_no_address_of_a_record_is_refused(uri: str) -> None:
    with pytest.raises(ValueError, match="no address"):
        parts_of_uri(uri)


CONTACT = "hana@garden.example"
LINE = f"{WHO}{CONTACT}"


@pytest.mark.parametrize("profile", [{}, {"labels": {"values": [{"val": "!no-unauthenticated"}]}}])
def test_the_label_bot_is_added_to_what_a_profile_says(profile: dict[str, object]) -> None:
    assert not is_bot(profile)

    labelled = as_bot({**profile, "displayName": "Tally"})

    assert is_bot(labelled)
    assert labelled["displayName"] == "Tally"
    assert len(labelled["labels"]["values"]) == (2 if profile else 1)


@pytest.mark.parametrize(
    ("said", "then"),
    [
        (None, LINE),
        ("", LINE),
        ("We tend roses.", f"We tend roses.\n\n{LINE}"),
        ("We tend roses.\n\n", f"We tend roses.\n\n{LINE}"),
        (f"Roses.\n\n{WHO}old@garden.example\nSince 2026.", f"Roses.\n\nSince 2026.\n\n{LINE}"),
        ("Ask hana@garden.example.", "Ask hana@garden.example."),
        ("Ask johana@garden.example", f"Ask johana@garden.example\n\n{LINE}"),
    ],
)
def test_a_profile_says_whom_to_turn_to_beside_what_people_wrote(
    said: str | None, then: str
) -> None:
    profile = {"displayName": "Tally"} | ({} if said is None else {"description": said})

    told = with_contact(profile, CONTACT)

    assert told is not None
    assert (told["description"], told["displayName"]) == (then, "Tally")
    assert with_contact(told, CONTACT) == told, "again is no trouble"
    assert with_contact(profile, "") == profile


@given(st.text(max_size=400))
def test_words_of_people_are_never_lost_and_never_too_many(said: str) -> None:
    told = with_contact({"description": said}, CONTACT)

    if told is None:
        assert graphemes(said) + graphemes(LINE) + 2 > 256
    else:
        assert told["description"].startswith(said.rstrip()) or WHO in said
        assert graphemes(told["description"]) <= max(256, graphemes(said))
