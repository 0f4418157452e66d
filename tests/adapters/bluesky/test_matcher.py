"""A post is tracked by its tags, a thread by its posts, and both as Bluesky would have it."""

import string

from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.bluesky.jetstream import Change, Facet, Feature, Reader, Record
from bot.adapters.bluesky.matcher import Match, Matcher
from bot.domain.hashtags import fold, hashtags
from tests.adapters.bluesky.lines import (
    ADA,
    BEA,
    commit,
    gone,
    line,
    record,
    said,
    shared,
    tag,
    uri,
)

TRACKED = ("#Tea", "#100DaysOfCode", "#データ可視化", "#zürich", "#c++")


def changed(written: bytes) -> Change:
    change = Reader().read(written)
    assert change is not None
    return change


def matched(matcher: Matcher, *lines: bytes) -> list[Match | None]:
    return [matcher.match(changed(one)) for one in lines]


def test_a_tag_counts_as_a_facet_in_the_list_and_in_the_words() -> None:
    lines = [
        said("1", "nothing to see", facets=[tag("TEA", 900, 2)]),
        said("2", "nothing to see", tags=["tea"]),
        said("3", "a cup of #tea"),
        said("4", "\uff03Tea"),
        said("5", "a cup of tea #teapot tea# x#Tea ##Tea"),
    ]

    found = matched(Matcher(TRACKED), *lines)

    assert [one.tagged if one else () for one in found] == [("#Tea",)] * 4 + [()]


def test_words_count_beside_facets_but_make_no_candidate() -> None:
    [found] = matched(Matcher(TRACKED), said("1", "#Tea with #Cake", facets=[tag("Cake")]))

    assert found is not None
    assert (found.tagged, found.tags) == (("#Tea",), ("Cake",))


def test_without_facets_the_words_make_a_candidate() -> None:
    [found] = matched(Matcher(TRACKED), said("1", "#Tea with #Cake", tags=["Jam"]))

    assert found is not None
    assert found.tags == ("Tea", "Cake", "Jam")


def test_replies_are_followed_by_root_and_by_parent_even_of_deleted_posts() -> None:
    matcher = Matcher(TRACKED)
    matched(matcher, said("1", "#Tea"), said("2", "first", reply=[uri(ADA, "1")]), gone("1"))

    found = matched(
        matcher,
        said("3", "deeper", reply=[uri(ADA, "1"), uri(ADA, "2")]),
        said("4", "below", reply=[uri(BEA, "elsewhere"), uri(ADA, "1")]),
        said("5", "aside", reply=[uri(BEA, "elsewhere"), uri(ADA, "2")]),
    )

    assert [one.answers if one else () for one in found] == [("#Tea",), ("#Tea",), ()]


def test_only_what_was_tracked_before_has_a_thread() -> None:
    found = matched(
        Matcher(TRACKED), said("2", "early", reply=[uri(ADA, "1")]), said("1", "#Tea", reply=[])
    )

    assert found[0] is None


def test_every_delete_of_a_tracked_post_is_told_and_of_a_reply_the_first() -> None:
    matcher = Matcher(TRACKED)
    matched(matcher, said("1", "#Tea"), said("2", "yes", reply=[uri(ADA, "1")]))

    found = matched(matcher, gone("1"), gone("1"), gone("2"), gone("2"), gone("3"))

    assert [one and (one.known, one.tracked) for one in found] == [
        (("#Tea",), True),
        (("#Tea",), True),
        (("#Tea",), False),
        None,
        None,
    ]


def test_an_edit_reaches_where_the_post_is_known_and_where_it_newly_belongs() -> None:
    matcher = Matcher(TRACKED)
    matched(matcher, said("1", "#Tea"))

    found = matched(
        matcher,
        line(commit("update", "1", record("#Zürich"))),
        line(commit("update", "9", record("#Tea"))),
        line(commit("update", "8", record("nothing"))),
        said("2", "to the edited one", reply=[uri(ADA, "9")]),
    )

    assert found[0] is not None
    assert (found[0].known, found[0].spaces) == (("#Tea",), ("#zürich", "#Tea"))
    assert found[1] is not None
    assert (found[1].known, found[1].tagged) == ((), ("#Tea",))
    assert found[2] is None
    assert found[3] is not None


def test_reposts_of_tracked_posts_are_followed_until_they_are_undone() -> None:
    matcher = Matcher(TRACKED)
    matched(matcher, said("1", "#Tea"))

    shown, other, undone = matched(
        matcher,
        shared("r", uri(ADA, "1")),
        shared("s", uri(ADA, "none")),
        gone("r", BEA, "app.bsky.feed.repost"),
    )

    assert shown is not None
    assert shown.answers == ("#Tea",)
    assert other is None
    assert undone is not None
    assert not undone.tracked


def test_an_account_is_a_space_of_all_it_says() -> None:
    matcher = Matcher((), {ADA: "weaver"})

    found = matched(matcher, said("1", "hello"), said("2", "hi", BEA, reply=[uri(ADA, "1")]))

    assert [one.spaces if one else () for one in found] == [("weaver",), ("weaver",)]


def test_two_spellings_of_one_tag_are_two_spaces_of_one_post() -> None:
    [found] = matched(Matcher(["#Tea", "#TEA"]), said("1", "#tea"))

    assert found is not None
    assert found.tagged == ("#Tea", "#TEA")


def test_what_the_log_holds_is_taken_up() -> None:
    matcher = Matcher(TRACKED)
    matcher.recollect([("#Tea", uri(ADA, "1"), True), ("#Tea", uri(ADA, "2"), False)])

    found = matched(
        matcher,
        said("3", "again", reply=[uri(ADA, "1")]),
        said("4", "aside", reply=[uri(ADA, "2")]),
        gone("2"),
    )

    assert [one is not None for one in found] == [True, False, True]


def test_with_room_for_some_the_oldest_are_forgotten() -> None:
    matcher = Matcher(TRACKED, room=100)

    for number in range(1000):
        matched(matcher, said(str(number), "#Tea"))
        assert len(matcher.tracked) <= 100

    old, young = matched(matcher, gone("0"), gone("999"))
    assert old is None
    assert young is not None


def test_what_is_too_long_for_a_tag_is_not_remembered() -> None:
    matcher = Matcher(TRACKED)
    endless = "Tea" * 100_000

    [found] = matched(matcher, said("1", f"#{endless} #Tea", facets=[tag(endless)]))

    assert found is not None
    assert found.tagged == ("#Tea",)
    assert matcher._spaces_of_tag.cache_info().currsize == 1


_PIECES = st.one_of(
    st.sampled_from(["#", "\uff03", " ", "\n", "\ufeff", "\x1c", "\u200d", "_", "'s", "!", "-"]),
    st.sampled_from(
        ["Tea", "tea", "TEA", "\uff34ea", "zürich", "zu\u0308rich", "c++", "100DaysOfCode"]
    ),
    st.text(string.printable + "ßéあ🫖", max_size=3),
)


@given(st.lists(_PIECES, max_size=12).map("".join), st.lists(st.sampled_from(["Tea", "x"])))
def test_the_quick_look_never_misses_a_tag(text: str, facets: list[str]) -> None:
    matcher = Matcher(TRACKED)
    features = tuple(Feature("app.bsky.richtext.facet#tag", name) for name in facets)
    made = Record(text, facets=(Facet(features),) if features else None)

    found = matcher.match(Change(ADA, 1, "create", "app.bsky.feed.post", "1", "r", made))

    keys = {fold(one[1:], "bluesky"): one for one in TRACKED}
    wanted = {keys.get(fold(one, "bluesky")) for one in [*facets, *hashtags(text, "bluesky")]}
    assert set(found.tagged if found else ()) == wanted - {None}
