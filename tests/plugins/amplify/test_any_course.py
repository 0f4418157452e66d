"""Whatever people do in whatever order, nothing is passed on twice, or against anybody's word."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.api import Member, Post, Repost
from bot.testing import ADA, GRACE, HOST, Harness
from plugins.amplify import plugin

ROUTES = [
    {"tag": "Roses", "audience": "GardenRoses", "asks": "tag"},
    {"tag": "Bulbs", "audience": "GardenRoses", "asks": "yes"},
]
TEXTS = ("nothing", "#Roses", "#Bulbs", "#roses #BULBS")

members = st.sampled_from([ADA, GRACE])
steps = st.one_of(
    st.tuples(st.just("post"), members, st.sampled_from(TEXTS)),
    st.tuples(st.just("edit"), st.integers(0, 5), st.sampled_from(TEXTS)),
    st.tuples(st.just("delete"), st.integers(0, 5)),
    st.tuples(st.just("say"), members, st.sampled_from(["yes", "no"])),
    st.tuples(st.sampled_from(["pause", "resume", "restart"])),
)


class Course:
    """What people did, and what they would expect to see of it."""

    def __init__(self) -> None:
        self.bot = Harness(plugin, routes=ROUTES)
        self.posts: dict[int, Post] = {}
        self.deleted: set[str] = set()
        self.word: dict[Member, str] = {}

    def post(self, member: Member, text: str) -> None:
        self.posts[len(self.posts)] = self.bot.posts(member, text)

    def edit(self, which: int, text: str) -> None:
        if which in self.posts and self.posts[which].id not in self.deleted:
            self.posts[which] = self.bot.edits(self.posts[which], text)

    def delete(self, which: int) -> None:
        if which in self.posts and self.posts[which].id not in self.deleted:
            self.deleted.add(self.posts[which].id)
            self.bot.deletes(self.posts[which])

    def say(self, member: Member, word: str) -> None:
        self.word[member] = word
        self.bot.calls(member, f"amplify {word}")

    def pause(self) -> None:
        self.bot.calls(HOST, "pause")

    def resume(self) -> None:
        self.bot.calls(HOST, "resume")

    def restart(self) -> None:
        self.bot.restarts()


@settings(max_examples=25, deadline=None)
@given(st.lists(steps, max_size=14))
def test_nothing_is_passed_on_twice_or_against_a_word(steps: list[tuple[str, ...]]) -> None:
    course = Course()
    for name, *given_ in steps:
        getattr(course, name)(*given_)
    course.resume()

    sent = [action for action in course.bot.sent if isinstance(action, Repost)]
    assert all(count == 1 for count in Counter(repost.post_id for repost in sent).values())
    now = {post.id: post for post in course.posts.values()}
    for action in course.bot.standing:
        assert isinstance(action, Repost)
        post = now[action.post_id]
        assert post.id not in course.deleted
        assert course.word.get(post.author) != "no"
        assert post.tags
