"""What Weaver writes on Bluesky reads there as it was meant."""

from itertools import pairwise
from typing import Any

import pytest

from bot.domain.actions import DirectMessage, Reply, Repost, SendPost, Undo
from bot.domain.model import Member, Space
from bot.domain.ports import Delivery, Rejected, TryLater
from tests.adapters.contract import NOW, WHY, perform, undo
from tests.live.bluesky.grounds import POST, BlueskyGrounds

TAG = Space("bluesky", "#TallyMath")
LONG = "One thing at a time, and then another one. " * 20


def values(grounds: BlueskyGrounds) -> list[dict[str, Any]]:
    return [post["value"] for post in grounds.posts()]


def features(grounds: BlueskyGrounds) -> list[tuple[str, dict[str, Any]]]:
    """Each facet: the words it covers, and what it makes of them."""
    found = []
    for value in values(grounds):
        text = value["text"].encode()
        for facet in value.get("facets", ()):
            covers = text[facet["index"]["byteStart"] : facet["index"]["byteEnd"]].decode()
            found.append((covers, facet["features"][0]))
    return found


def test_tags_links_and_mentions_are_facets_in_bytes(grounds: BlueskyGrounds) -> None:
    who = grounds.priya
    text = f"Café ☕️ with @{who.handle} and @nobody.test: https://example.org/é #TallyMath"

    perform(grounds, SendPost("key", TAG, text, why=WHY))

    kind = "app.bsky.richtext.facet"
    assert features(grounds) == [
        (f"@{who.handle}", {"$type": f"{kind}#mention", "did": who.did}),
        ("https://example.org/é", {"$type": f"{kind}#link", "uri": "https://example.org/é"}),
        ("#TallyMath", {"$type": f"{kind}#tag", "tag": "TallyMath"}),
    ]


def test_a_post_in_a_hashtag_carries_it_and_the_communitys_language(
    grounds: BlueskyGrounds,
) -> None:
    perform(grounds, SendPost("bare", TAG, "Noswaith dda.", why=WHY))
    [value] = values(grounds)

    assert (value["tags"], value["langs"]) == (["TallyMath"], ["cy"])


def test_words_that_no_post_holds_become_a_thread_made_once(grounds: BlueskyGrounds) -> None:
    act = SendPost("key", grounds.lobby, LONG, why=WHY)

    first = perform(grounds, act)
    revision = grounds.person("weaver").revision()
    again = [perform(grounds, act, attempt=attempt) for attempt in (1, 2)]

    posts = grounds.posts()
    assert again == [first, first]
    assert grounds.person("weaver").revision() == revision, "a repeat writes nothing"
    assert " ".join(post["value"]["text"] for post in posts) == LONG.strip()
    assert posts[0]["uri"] == first
    for above, post in pairwise(posts):
        assert post["value"]["reply"]["root"]["uri"] == first
        assert post["value"]["reply"]["parent"]["uri"] == above["uri"]


def test_a_thread_left_half_done_is_finished_by_the_next_attempt(grounds: BlueskyGrounds) -> None:
    act = SendPost("key", grounds.lobby, LONG, why=WHY)
    perform(grounds, act)
    *_, last = grounds.posts()
    grounds.person("weaver").deletes(last["uri"])

    perform(grounds, act, attempt=2)

    assert [post["uri"] for post in grounds.posts()][-1] == last["uri"]


@pytest.mark.parametrize("heard", [True, False])
def test_a_thread_is_taken_back_whole(grounds: BlueskyGrounds, heard: bool) -> None:
    act = SendPost("key", grounds.lobby, LONG, why=WHY)
    receipt = perform(grounds, act)

    undo(grounds, act, receipt if heard else None)

    assert grounds.seen() == []


def test_a_reply_hangs_in_the_thread_of_the_root(grounds: BlueskyGrounds) -> None:
    root = grounds.says("Root.")
    strong = {"uri": root, "cid": grounds.priya.records(POST)[0]["cid"]}
    middle = grounds.priya.posts("Middle.", reply={"root": strong, "parent": strong})

    perform(grounds, Reply("key", grounds.lobby, middle, "An answer.", why=WHY))

    [value] = values(grounds)
    assert value["reply"]["root"].items() >= strong.items()
    assert value["reply"]["parent"]["uri"] == middle


def test_a_later_attempt_counts_what_came_about_though_its_post_is_gone(
    grounds: BlueskyGrounds,
) -> None:
    post = grounds.says("Soon gone.")
    acts = [
        Reply("reply", grounds.lobby, post, "An answer.", why=WHY),
        Repost("repost", grounds.audience, grounds.lobby, post, why=WHY),
    ]
    made = [perform(grounds, act) for act in acts]
    grounds.deletes(post)

    assert [perform(grounds, act, attempt=2) for act in acts] == made


def test_the_audience_passes_on_itself(grounds: BlueskyGrounds) -> None:
    post = grounds.says("Pass me on.")

    receipt = perform(grounds, Repost("key", grounds.audience, grounds.lobby, post, why=WHY))

    assert receipt.startswith(f"at://{grounds.person('passing').did}/app.bsky.feed.repost/")


@pytest.mark.parametrize("text", ["", " \n", "many words " * 400])
def test_words_that_cannot_be_said_are_rejected(grounds: BlueskyGrounds, text: str) -> None:
    with pytest.raises(Rejected, match="words"):
        perform(grounds, SendPost("key", grounds.lobby, text, why=WHY))


def test_words_to_one_person_wait_while_there_is_no_chat(grounds: BlueskyGrounds) -> None:
    member = Member("bluesky", grounds.priya.did)

    with pytest.raises(TryLater):
        perform(grounds, DirectMessage("key", grounds.lobby, member, "Psst.", why=WHY))


def test_an_undo_of_what_makes_no_record_is_no_trouble(grounds: BlueskyGrounds) -> None:
    act = Undo("undo", of="key", why=WHY)
    envelope = Delivery("undo", NOW, 1, "bluesky:weaver", target_key="key")

    assert grounds.loop.run(grounds.adapter.perform(act, envelope)) == ""
