"""Pictures on Bluesky: with words that say what they show, in their shape, each once; buttons."""

from itertools import pairwise
from typing import Any

import httpx
import pytest

from bot.domain.actions import Button, Picture, Reply, SendPost
from bot.domain.ports import Rejected
from bot.pictures import FOLDER
from tests.adapters.bluesky.test_images import SQUARE
from tests.adapters.contract import WHY, perform, undo
from tests.live.bluesky.grounds import BlueskyGrounds
from tests.test_pictures import PIXEL

DRAWN = Picture("A dark rectangle, half as wide again as it is high.", svg=SQUARE)


def shown(grounds: BlueskyGrounds, post: int = 0) -> list[dict[str, Any]]:
    images: list[dict[str, Any]] = grounds.posts()[post]["value"]["embed"]["images"]
    return images


def test_a_drawing_is_shown_with_its_words_and_shape(grounds: BlueskyGrounds) -> None:
    perform(grounds, SendPost("key", grounds.lobby, "This week.", pictures=(DRAWN,), why=WHY))

    [image] = shown(grounds)
    assert image["alt"] == DRAWN.alt
    assert image["aspectRatio"].items() >= {"width": 60, "height": 40}.items()
    where = {"did": grounds.person("weaver").did, "cid": image["image"]["ref"]["$link"]}
    got = httpx.get(f"{grounds.network.pds}/xrpc/com.atproto.sync.getBlob", params=where)
    assert got.content.startswith(b"\x89PNG")


def test_an_act_with_a_picture_performed_again_writes_nothing(grounds: BlueskyGrounds) -> None:
    act = SendPost("key", grounds.lobby, "This week.", pictures=(DRAWN,), why=WHY)
    first = perform(grounds, act)
    revision = grounds.person("weaver").revision()

    again = [perform(grounds, act, attempt=attempt) for attempt in (1, 2)]

    assert again == [first, first]
    assert grounds.person("weaver").revision() == revision


def test_the_hosts_pictures_are_shown_under_the_first_post_of_a_thread(
    grounds: BlueskyGrounds,
) -> None:
    (grounds.data / FOLDER).mkdir()
    (grounds.data / FOLDER / "dot.png").write_bytes(PIXEL)
    pictures = (Picture("A dot.", file="dot.png"), DRAWN)
    post = grounds.says("Show me.")
    act = Reply("key", grounds.lobby, post, "Many words. " * 40, pictures=pictures, why=WHY)

    receipt = perform(grounds, act)

    first, *later = grounds.posts()
    assert first["uri"] == receipt
    assert [image["alt"] for image in shown(grounds)] == ["A dot.", DRAWN.alt]
    assert later
    assert not any("embed" in one["value"] for one in later)
    for above, below in pairwise([first, *later]):
        assert below["value"]["reply"]["parent"]["uri"] == above["uri"]
    undo(grounds, act, receipt)
    assert grounds.seen() == []


@pytest.mark.parametrize(
    ("pictures", "why"),
    [
        ((Picture(" ", svg=SQUARE),), "words that say what it shows"),
        ((Picture("A dot.", file="gone.png"),), "no picture 'gone.png'"),
        ((DRAWN,) * 5, "a post on Bluesky holds 4"),
    ],
)
def test_pictures_that_cannot_be_shown_are_refused_and_nothing_is_said(
    grounds: BlueskyGrounds, pictures: tuple[Picture, ...], why: str
) -> None:
    with pytest.raises(Rejected, match=why):
        perform(grounds, SendPost("key", grounds.lobby, "Look.", pictures=pictures, why=WHY))

    assert grounds.seen() == []


def test_a_picture_of_more_than_two_megabytes_is_refused(grounds: BlueskyGrounds) -> None:
    (grounds.data / FOLDER).mkdir()
    (grounds.data / FOLDER / "poster.png").write_bytes(PIXEL + bytes(2_000_000))
    poster = Picture("A poster.", file="poster.png")

    with pytest.raises(Rejected, match="make it smaller"):
        perform(grounds, SendPost("key", grounds.lobby, "Look.", pictures=(poster,), why=WHY))


def test_buttons_are_said_in_words_that_lead_to_weaver(grounds: BlueskyGrounds) -> None:
    buttons = (Button("Not this week", "chats skip 3"), Button("See all", "chats list"))

    perform(grounds, SendPost("key", grounds.lobby, "Chat tonight.", buttons=buttons, why=WHY))

    [post] = grounds.posts()
    handle = grounds.person("weaver").handle
    assert post["value"]["text"] == (
        "Chat tonight.\n\n"
        f"Not this week: say “@{handle} chats skip 3”\nSee all: say “@{handle} chats list”"
    )
    assert "facets" not in post["value"], "Weaver does not mention itself"
