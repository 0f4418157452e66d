"""What Bluesky's servers are told of feeds, by the protocol and in plain words."""

from collections.abc import Sequence

import pytest

from bot.adapters.bluesky.feeds import answers, cut, did_of
from bot.domain.errors import UserError
from bot.domain.pages import Answerer, Listing
from bot.domain.ports import Rejected

FEED = "at://did:plc:science/app.bsky.feed.generator/3kaaaaaaaaaaa"
SKELETON = "/xrpc/app.bsky.feed.getFeedSkeleton"


class OneFeed:
    """A feed of six posts."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, str]] = []

    def offered(self, platform: str) -> Sequence[str]:
        return [FEED] if platform == "bluesky" else []

    def listing(self, feed: str, limit: int, cursor: str) -> Listing | None:
        if feed != FEED:
            return None
        if cursor == "nonsense":
            raise UserError("there is no such cursor; begin without one")
        self.asked.append((limit, cursor))
        begin = int(cursor or 0)
        posts = tuple(f"at://did:plc:ada/app.bsky.feed.post/{n}" for n in range(begin, 6))
        return Listing(posts[:limit], str(begin + limit) if len(posts) > limit else "")


@pytest.fixture
def feeds() -> OneFeed:
    return OneFeed()


@pytest.fixture
def served(feeds: OneFeed) -> dict[str, Answerer]:
    return answers(feeds, "https://fe.example")


def test_whoever_serves_feeds_says_who_they_are(served: dict[str, Answerer]) -> None:
    status, document = served["/.well-known/did.json"]({})

    assert status == 200
    assert document["id"] == "did:web:fe.example"
    [service] = document["service"]
    assert service == {
        "id": "#bsky_fg",
        "type": "BskyFeedGenerator",
        "serviceEndpoint": "https://fe.example",
    }


def test_the_feeds_that_stand_are_told(served: dict[str, Answerer]) -> None:
    told = served["/xrpc/app.bsky.feed.describeFeedGenerator"]({})

    assert told == (200, {"did": "did:web:fe.example", "feeds": [{"uri": FEED}]})


def test_a_feed_is_read_in_parts(served: dict[str, Answerer], feeds: OneFeed) -> None:
    status, first = served[SKELETON]({"feed": FEED, "limit": "4"})
    assert status == 200
    _, second = served[SKELETON]({"feed": FEED, "limit": "4", "cursor": first["cursor"]})
    served[SKELETON]({"feed": FEED})

    assert [len(part["feed"]) for part in (first, second)] == [4, 2]
    assert first["feed"][0] == {"post": "at://did:plc:ada/app.bsky.feed.post/0"}
    assert "cursor" not in second
    assert feeds.asked[-1] == (50, "")


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ({}, "InvalidRequest"),
        ({"feed": FEED, "limit": "0"}, "InvalidRequest"),
        ({"feed": FEED, "limit": "101"}, "InvalidRequest"),
        ({"feed": FEED, "limit": "1" * 5000}, "InvalidRequest"),
        ({"feed": FEED, "limit": "\u0663"}, "InvalidRequest"),
        ({"feed": FEED, "limit": "many"}, "InvalidRequest"),
        ({"feed": FEED, "limit": ""}, "InvalidRequest"),
        ({"feed": FEED, "cursor": "nonsense"}, "InvalidRequest"),
        ({"feed": f"{FEED}b"}, "UnknownFeed"),
        ({"feed": ""}, "UnknownFeed"),
    ],
)
def test_what_cannot_be_answered_is_refused_by_its_name(
    served: dict[str, Answerer], query: dict[str, str], error: str
) -> None:
    status, said = served[SKELETON](query)

    assert (status, said["error"]) == (400, error)
    assert said["message"]


@pytest.mark.parametrize(
    ("address", "did"),
    [
        ("https://fe.example", "did:web:fe.example"),
        ("https://fe.example/", "did:web:fe.example"),
        ("http://localhost:8080", "did:web:localhost%3A8080"),
    ],
)
def test_an_address_has_a_name(address: str, did: str) -> None:
    assert did_of(address) == did


@pytest.mark.parametrize(
    "address", ["", "http://fe.example", "https://fe.example:8443", "http://127.0.0.1:8080"]
)
def test_where_bluesky_would_not_ask_nothing_is_offered(feeds: OneFeed, address: str) -> None:
    assert answers(feeds, address) == {}
    with pytest.raises(Rejected, match="names no port"):
        did_of(address)


def test_long_names_are_cut_between_letters() -> None:
    assert cut("#Roses", 24) == "#Roses"
    assert cut("#" + "e\u0301" * 30, 24) == "#" + "e\u0301" * 22 + "…"
