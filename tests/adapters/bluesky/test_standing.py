"""What people and moderators say on Bluesky decides whether an act may be, and the why is said."""

from dataclasses import replace

import pytest

from bot.adapters.bluesky.standing import (
    ADULT,
    HARMFUL,
    HIDDEN,
    Deed,
    Person,
    Subject,
    for_everybody,
    person_from,
    subject_from,
    wants_no_bots,
    why_not,
)

ADA = Person(follows=True, bio="Maths, mostly.")
POST = Subject()
DEEDS: tuple[Deed, ...] = ("repost", "reply", "like", "word")


@pytest.mark.parametrize("deed", DEEDS)
def test_nothing_stands_against_an_act_that_nobody_minds(deed: Deed) -> None:
    assert why_not(deed, ADA, POST, "follows") is None
    assert why_not(deed, replace(ADA, follows=False), POST, "asked") is None


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize(
    ("person", "why"),
    [
        (replace(ADA, blocks="theirs"), "they have blocked the account"),
        (replace(ADA, blocks="ours"), "the account has blocked them"),
        (replace(ADA, muted=True), "the account mutes them"),
        (replace(ADA, bio="Gardener. #NoBot"), "their profile says nobot"),
    ],
)
def test_blocks_mutes_and_nobot_stop_every_act(deed: Deed, person: Person, why: str) -> None:
    for basis in (None, "asked", "agreed", "follows"):
        assert why_not(deed, person, POST, basis) == why  # type: ignore[arg-type]


def test_who_no_longer_follows_is_not_passed_on_for_following() -> None:
    gone = replace(ADA, follows=False)

    assert why_not("repost", gone, POST, "follows") == (
        "its author does not follow the account that passes posts on"
    )
    assert why_not("repost", gone, POST, "agreed") is None


def test_a_threadgate_stops_replies_and_a_postgate_neither() -> None:
    gated = Subject(no_replies=True, no_quotes=True)

    assert why_not("reply", ADA, gated) == "its author limits who may answer it"
    assert why_not("repost", ADA, gated) is None
    assert why_not("reply", ADA, Subject(no_quotes=True)) is None


@pytest.mark.parametrize("label", sorted(HIDDEN | ADULT | HARMFUL))
def test_what_is_labelled_is_not_spread_and_the_label_is_named(label: str) -> None:
    post, author = Subject(frozenset({label})), replace(ADA, labels=frozenset({label}))

    for deed in ("repost", "like"):
        assert why_not(deed, ADA, post) == f"it is labelled {label}"  # type: ignore[arg-type]
        assert why_not(deed, author, POST) == f"its author is labelled {label}"  # type: ignore[arg-type]
    hidden = f"its author is labelled {label}" if label in HIDDEN else None
    assert why_not("reply", author, POST) == hidden
    assert why_not("word", author) == hidden


@pytest.mark.parametrize("label", ["bot", "!no-unauthenticated", "pluviophile"])
def test_other_labels_stop_nothing(label: str) -> None:
    labelled = replace(ADA, labels=frozenset({label}))

    assert all(why_not(deed, labelled, Subject(labelled.labels)) is None for deed in DEEDS)
    assert for_everybody(labelled) == (label != "!no-unauthenticated")


@pytest.mark.parametrize(
    "bio",
    [
        "nobot",
        "#nobot",
        "I teach. #NoBots, please",
        "(#nobot)",
        "“nobot”",
        "\uff03nobot",
        "nobots!",
        "she/her·#nobot·they",
        "🤖#nobot",
        "Please: NOBOT.",
        "nobot…",
    ],
)
def test_nobot_is_heard(bio: str) -> None:
    assert wants_no_bots(bio)


@pytest.mark.parametrize(
    "bio",
    [
        "",
        "bot",
        "no bot is an island",
        "nobottle",
        "#nobotany",
        "snobot",
        "nobot_",
        "https://nobot.example",
        "https://x.example/nobot",
        "me@nobot",
        "@nobot.example",
        "nobot.example",
        "no-bot",
        "nobot-ish",
        "nóbot",
    ],
)
def test_nobot_inside_other_words_is_another_word(bio: str) -> None:
    assert not wants_no_bots(bio)


def test_what_the_appview_shows_is_read() -> None:
    labels = [
        {"val": "porn", "src": "did:plc:a"},
        {"val": "spam", "neg": True},
        {"val": ""},
        "nonsense",
    ]
    viewer = {"followedBy": "at://x", "muted": False, "blockedBy": False}

    assert person_from({"viewer": viewer, "description": "Hello", "labels": labels}) == Person(
        follows=True, bio="Hello", labels=frozenset({"porn"})
    )
    assert subject_from({"viewer": {"replyDisabled": True}, "labels": labels}) == Subject(
        frozenset({"porn"}), no_replies=True
    )


@pytest.mark.parametrize(
    ("viewer", "blocks", "muted"),
    [
        ({"blockedBy": True}, "theirs", False),
        ({"blocking": "at://x"}, "ours", False),
        ({"blockingByList": {"uri": "at://x"}}, "ours", False),
        ({"blockedBy": True, "blocking": "at://x"}, "theirs", False),
        ({"muted": True}, "", True),
        ({"mutedByList": {"uri": "at://x"}}, "", True),
        (None, "", False),
        ("nonsense", "", False),
    ],
)
def test_blocks_and_mutes_are_read(viewer: object, blocks: str, muted: bool) -> None:
    person = person_from({"viewer": viewer, "description": None, "labels": None})

    assert (person.blocks, person.muted, person.bio) == (blocks, muted, "")
