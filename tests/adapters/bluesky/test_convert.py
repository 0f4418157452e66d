"""What happened on Bluesky is told in the words of the domain, the same at every replay."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.adapters.bluesky.convert import happenings
from bot.adapters.bluesky.jetstream import Reader
from bot.adapters.bluesky.matcher import Matcher
from bot.domain.events import PostDeleted, PostEdited, PostSeen, SpaceEvent
from bot.domain.model import Space
from tests.adapters.bluesky.lines import (
    ADA,
    BEA,
    BEGIN,
    WEAVER,
    commit,
    gone,
    line,
    record,
    said,
    shared,
    tag,
    uri,
)

QUOTE = {"$type": "app.bsky.embed.record", "record": {"uri": uri(BEA, "9"), "cid": "c"}}
LIST = {"$type": "app.bsky.embed.record", "record": {"uri": "at://x/app.bsky.graph.list/1"}}
WITH_MEDIA = {
    "$type": "app.bsky.embed.recordWithMedia",
    "record": {"record": {"uri": uri(BEA, "9")}},
    "media": {"$type": "app.bsky.embed.external", "external": {"uri": "https://x.example"}},
}
CARD = {"$type": "app.bsky.embed.external", "external": {"uri": "https://x.example"}}
LINK = {"features": [{"$type": "app.bsky.richtext.facet#link", "uri": "https://x.example"}]}


def told(*lines: bytes, tags: tuple[str, ...] = ("#Tea", "#Jam")) -> list[SpaceEvent]:
    matcher = Matcher(tags)
    return [
        event
        for change in Reader().changes(lines)
        if (match := matcher.match(change)) is not None
        for event in happenings(change, match, {WEAVER: "weaver"})
    ]


def seen(*lines: bytes) -> PostSeen:
    event = told(*lines)[-1]
    assert isinstance(event, PostSeen)
    return event


def test_a_post_is_told_with_all_that_is_known_of_it() -> None:
    event = seen(said("1", "A cup of #Tea", facets=[tag("Tea", 9, 13)]))

    post = event.post
    assert event.at == datetime(2026, 5, 25, 14, 23, 29, tzinfo=UTC)
    assert (event.space.key, post.author.key) == ("bluesky:#Tea", f"bluesky:{ADA}")
    assert (post.id, post.text, post.kind) == (uri(ADA, "1"), "A cup of #Tea", "original")
    assert (post.reply_to, post.root, post.tags) == (None, None, ("Tea",))
    assert not post.has_link
    assert not post.author.is_bot


def picture(alt: object) -> dict[str, Any]:
    return {"alt": alt, "image": {"$type": "blob"}}


PICTURES = {"$type": "app.bsky.embed.images", "images": [picture("A rose"), picture("")]}
FILM = {"$type": "app.bsky.embed.video", "video": {"$type": "blob"}, "alt": "Bees"}


@pytest.mark.parametrize(
    ("embed", "pictures"),
    [
        (None, ()),
        (PICTURES, (True, False)),
        ({"$type": "app.bsky.embed.gallery", "items": PICTURES["images"]}, (True, False)),
        (FILM, (True,)),
        (FILM | {"alt": " \n"}, (False,)),
        ({"$type": "app.bsky.embed.video", "video": {}}, (False,)),
        (WITH_MEDIA, ()),
        (WITH_MEDIA | {"media": PICTURES}, (True, False)),
        (WITH_MEDIA | {"media": FILM}, (True,)),
        (WITH_MEDIA | {"media": "nonsense"}, ()),
        (QUOTE, ()),
        (CARD, ()),
        ({"images": "nonsense"}, ()),
        ({"images": [7, picture(7), {}]}, (False, False)),
        ("nonsense", ()),
    ],
)
def test_pictures_are_told_of_and_whether_they_are_described(
    embed: Any, pictures: tuple[bool, ...]
) -> None:
    more = {} if embed is None else {"embed": embed}

    assert seen(said("1", "#Tea", **more)).post.pictures == pictures


@pytest.mark.parametrize(
    ("more", "kind", "link"),
    [
        ({}, "original", False),
        ({"embed": QUOTE}, "quote", False),
        ({"embed": LIST}, "original", False),
        ({"embed": WITH_MEDIA}, "quote", True),
        ({"embed": CARD}, "original", True),
        ({"embed": "nonsense"}, "original", False),
        ({"facets": [tag("Tea"), LINK]}, "original", True),
        ({"reply": [uri(BEA, "1"), uri(BEA, "2")]}, "reply", False),
        ({"reply": [uri(BEA, "1")], "embed": QUOTE}, "reply", False),
    ],
)
def test_kind_and_links(more: dict[str, object], kind: str, link: bool) -> None:
    post = seen(said("1", "#Tea", **more)).post

    assert (post.kind, post.has_link) == (kind, link)


def test_a_reply_names_its_parent_and_root() -> None:
    post = seen(said("1", "#Tea", reply=[uri(BEA, "1"), uri(BEA, "2")])).post

    assert (post.root, post.reply_to) == (uri(BEA, "1"), uri(BEA, "2"))


def test_a_repost_is_no_words_of_anybodys() -> None:
    post = seen(said("1", "#Tea"), shared("r", uri(ADA, "1"))).post

    assert (post.kind, post.root, post.reply_to) == ("repost", uri(ADA, "1"), None)
    assert (post.text, post.tags, post.author.id) == ("", (), BEA)


def mention(did: object, start: object = 0, end: object = 4) -> dict[str, Any]:
    feature = {"$type": "app.bsky.richtext.facet#mention", "did": did}
    return {"features": [feature], "index": {"byteStart": start, "byteEnd": end}}


def test_a_post_says_whom_it_names_each_once() -> None:
    named = [mention(BEA), mention(WEAVER, 5, 9), mention(BEA, 10, 14)]

    post = seen(said("1", "@bea @wea @bea #Tea", facets=[*named, tag("Tea")])).post

    assert [(one.id, one.account, one.is_bot) for one in post.mentions] == [
        (BEA, "", False),
        (WEAVER, "weaver", True),
    ]
    assert post.calls_on(Space("bluesky", "weaver"))
    assert not post.calls_on(Space("bluesky", "tallymath"))
    assert not post.calls_on(Space("fake", "weaver"))


@pytest.mark.parametrize(
    "lie",
    [
        mention(BEA, 0, 15),
        mention(BEA, -1, 4),
        mention(BEA, 4, 4),
        mention(BEA, 6, 4),
        mention(BEA, "0", 4),
        mention(BEA, True, 4),
        mention(BEA, 0, 1.5),
        mention(None),
        mention(""),
        mention("bea.example"),
        mention("did:plc:b\0ea"),
        mention("did:plc:béa"),
        mention({"did": BEA}),
        {"features": [{"$type": "app.bsky.richtext.facet#mention", "did": BEA}]},
        {"features": [{"$type": "app.bsky.richtext.facet#mention", "did": BEA}], "index": [0, 4]},
        {"features": None, "index": {"byteStart": 0, "byteEnd": 4}},
    ],
)
def test_a_facet_that_lies_names_nobody_and_costs_no_neighbour(lie: dict[str, Any]) -> None:
    post = seen(said("1", "@béa #Tea @cy", facets=[lie, mention(ADA, 10, 14), tag("Tea")])).post

    assert [one.id for one in post.mentions] == [ADA]
    assert post.tags == ("Tea",)


def test_a_mention_is_measured_in_bytes() -> None:
    words = "é" * 5 + " #Tea"

    assert seen(said("1", words, facets=[mention(BEA, 0, 15)])).post.mentions
    assert not seen(said("1", words, facets=[mention(BEA, 0, 16)])).post.mentions


def test_weavers_own_posts_are_a_bots() -> None:
    assert seen(said("1", "#Tea", WEAVER)).post.author.is_bot


def test_edits_and_deletes_are_told_where_the_post_is_known() -> None:
    edit = line(commit("update", "1", record("#Jam now")))

    events = told(said("1", "#Tea"), edit, gone("1"))

    assert [(type(event), event.space.id) for event in events] == [
        (PostSeen, "#Tea"),
        (PostSeen, "#Jam"),
        (PostEdited, "#Tea"),
        (PostDeleted, "#Jam"),
        (PostDeleted, "#Tea"),
    ] or {type(event) for event in events[3:]} == {PostDeleted}


def test_ids_are_unique_and_the_same_at_every_replay_on_every_server() -> None:
    lines = [said("1", "#Tea #Jam"), line(commit("update", "1", record("#Tea"))), gone("1")]
    elsewhere = [said("1", "#Tea #Jam", v2=True, time_us=BEGIN + 9), *lines[1:]]

    ids = [event.id for event in told(*lines)]

    assert len(set(ids)) == len(ids) == 6
    assert ids == [event.id for event in told(*elsewhere)]


@pytest.mark.parametrize(
    ("created", "at"),
    [
        ("2020-01-01T00:00:00Z", datetime(2020, 1, 1, tzinfo=UTC)),
        ("2020-01-01T02:00:00+02:00", datetime(2020, 1, 1, tzinfo=UTC)),
        ("2099-01-01T00:00:00Z", datetime(2026, 5, 25, 14, 23, 29, tzinfo=UTC)),
        ("0001-01-01T00:00:00+14:00", datetime(2026, 5, 25, 14, 23, 29, tzinfo=UTC)),
        ("0600-01-01T00:00:00Z", datetime(1970, 1, 1, tzinfo=UTC)),
        ("yesterday", datetime(2026, 5, 25, 14, 23, 29, tzinfo=UTC)),
        ("", datetime(2026, 5, 25, 14, 23, 29, tzinfo=UTC)),
    ],
)
def test_a_post_is_as_old_as_it_says_and_never_newer_than_when_it_came(
    created: str, at: datetime
) -> None:
    written = record("#Tea") | {"createdAt": created}

    assert seen(line(commit("create", "1", written))).post.at == at


def test_nothing_is_told_that_no_database_could_hold() -> None:
    assert not told(said("1\0", "#Tea"), said("1", "#Tea", "did:plc:a\0"), said("é", "#Tea"))
    assert not told(said("1", "#Tea", "no did"))
    assert seen(said("1", "#Tea a\0b")).post.text == "#Tea ab"


@pytest.mark.parametrize(
    ("langs", "labels", "languages", "warnings"),
    [
        (["en", "pt-BR"], {"values": [{"val": "gore"}, {"val": "nudity"}]}, 2, ("gore", "nudity")),
        (None, None, 0, ()),
        ("en", ["gore"], 0, ()),
        (["en", 3, "no language", ""], {"values": [3, {"val": 4}, {"val": ""}]}, 1, ()),
    ],
)
def test_language_and_warnings_are_what_the_author_said(
    langs: object, labels: object, languages: int, warnings: tuple[str, ...]
) -> None:
    more = {"langs": langs, "labels": labels}
    event = seen(said("1", "#Tea", **{name: one for name, one in more.items() if one is not None}))

    assert event.post.languages == ("en", "pt-BR")[:languages]
    assert event.post.labels == warnings
