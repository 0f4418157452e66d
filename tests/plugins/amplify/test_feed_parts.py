"""A feed is read in parts: whatever comes and goes meanwhile, nothing is twice or lost."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.api import Member, UserError
from bot.testing import ADA, GRACE, HOST
from tests.plugins.amplify.fed import grown


def test_a_feed_that_is_unknown_or_a_cursor_that_is_none() -> None:
    bot = grown()

    assert bot.lists("fake-99") is None
    for cursor in ("7", "x-1", "1-x", "-", "1-", f"{'9' * 30}-1", "\u0663-1", "9" * 400):
        with pytest.raises(UserError, match="no such cursor"):
            bot.lists(bot.feed, 5, cursor)


deeds = st.lists(
    st.one_of(
        st.tuples(st.just("post"), st.sampled_from([ADA, GRACE])),
        st.tuples(st.just("undo"), st.integers(0, 30)),
        st.tuples(st.just("delete"), st.integers(0, 30)),
        st.tuples(st.just("read"), st.integers(1, 4)),
    ),
    max_size=25,
)


@settings(max_examples=12, deadline=None)
@given(st.integers(1, 12), deeds)
def test_no_post_is_twice_or_lost_between_the_parts_of_a_feed(
    before: int, course: list[tuple[str, Member | int]]
) -> None:
    bot = grown("only")
    posts = [bot.posts(ADA, f"Thought {number} on mildew #Roses") for number in range(before)]
    gone: set[str] = set()
    stood = {post.id for post in posts}
    read: list[str] = []
    cursor: str | None = ""

    def goes_on(limit: int) -> None:
        nonlocal cursor
        if cursor is None:
            return
        found = bot.lists(bot.feed, limit, cursor)
        assert found is not None
        assert not gone & set(found.posts), "what was taken back is in no part that follows"
        assert len(found.posts) == limit or not found.cursor, "a part is full, or the last"
        read.extend(found.posts)
        cursor = found.cursor or None

    for deed, what in course:
        if isinstance(what, Member):
            posts.append(bot.posts(what, f"Thought {len(posts)} on mildew #Roses"))
        elif deed == "read":
            goes_on(what)
        elif what < len(posts) and posts[what].id not in gone:
            gone.add(posts[what].id)
            if deed == "undo":
                bot.calls(HOST, f"amplify undo {posts[what].id}")
            else:
                bot.deletes(posts[what])
    while cursor is not None:
        goes_on(3)

    assert len(read) == len(set(read))
    assert stood - gone <= set(read)
