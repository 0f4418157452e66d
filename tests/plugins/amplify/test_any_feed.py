"""Whatever people say and do, in any order, a feed shows what may be passed on and no more."""

from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.api import Member, Post
from bot.domain.events import PostSeen
from bot.testing import ADA, GRACE, HOST
from tests.plugins.amplify.fed import Open, grown

PEOPLE = (ADA, GRACE)
whom = st.sampled_from(PEOPLE)
which = st.integers(0, 15)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("post"), whom),
        st.tuples(st.just("crash"), whom),
        st.tuples(st.sampled_from(["yes", "no", "stop", "start", "mute", "unmute"]), whom),
        st.tuples(st.sampled_from(["block", "clear"]), whom),
        st.tuples(st.sampled_from(["undo", "host", "delete", "edit", "again"]), which),
        st.tuples(st.sampled_from(["restart", "only", "too"]), st.just(0)),
    ),
    max_size=16,
)


@dataclass
class Course:
    """A feed, and what it should show by what people said: a model of the rules in few lines."""

    bot: Open = field(default_factory=lambda: grown("only"))
    posts: list[Post] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    """What was passed on and not taken back, oldest first."""
    no: set[Member] = field(default_factory=set)
    muted: set[Member] = field(default_factory=set)
    blocked: set[Member] = field(default_factory=set)

    def goes(self, deed: str, who: Member) -> None:
        """Somebody says or does something, and the model follows."""
        told = {"mute": "me mute 3", "unmute": "me unmute", "stop": "stop", "start": "start"}
        if deed in ("post", "crash"):
            self._posts(who, crash=deed == "crash")
        elif deed in ("block", "clear"):
            self._host_says(deed, who)
        else:
            self.bot.calls(who, told.get(deed, f"amplify {deed}"))
            if deed in ("no", "stop"):
                self.no.add(who)
                self._loses(who)
            elif deed == "yes":
                self.no.discard(who)
            elif deed == "mute":
                self.muted.add(who)
            elif deed == "unmute":
                self.muted.discard(who)
            elif deed == "start":
                self._starts(who)

    def happens(self, deed: str, number: int) -> None:
        """Something happens to a post, or to Weaver itself."""
        if deed == "restart":
            self.bot.restarts()
        elif deed in ("only", "too"):
            self.bot.calls(HOST, f"amplify feed Roses {'only' if deed == 'only' else 'yes'}")
        elif number < len(self.posts):
            post = self.posts[number]
            if deed in ("undo", "host"):
                self.bot.calls(post.author if deed == "undo" else HOST, f"amplify undo {post.id}")
            elif deed == "delete":
                self.bot.deletes(post)
            elif deed == "edit":
                self.bot.edits(post, "On second thought")
            else:
                self.bot.dispatches(PostSeen(f"seen-{post.id}", self.bot.now, post.space, post))
                return
            if post.id in self.shown:
                self.shown.remove(post.id)

    def _posts(self, who: Member, *, crash: bool) -> None:
        number = len(self.posts)
        digest = sha256(str(number).encode()).hexdigest()  # what says much the same stays
        text = f"{' '.join(digest[begin : begin + 5] for begin in range(0, 40, 5))} #Roses"
        if crash:
            post = Post(f"c{number}", self.bot.lobby, who, text, self.bot.now, tags=("Roses",))
            self.bot.platforms["fake"].known.add(post.id)
            self.bot.crashes(PostSeen(f"seen-{post.id}", self.bot.now, self.bot.lobby, post))
        else:
            post = self.bot.posts(who, text)
        self.posts.append(post)
        if who not in self.no | self.muted | self.blocked:
            self.shown.append(post.id)

    def _host_says(self, deed: str, who: Member) -> None:
        mine = [post for post in self.posts if post.author == who]
        if not mine:
            return
        told = self.bot.calls(HOST, f"amplify why {mine[-1].id}")
        number = told.split()[1].rstrip(":")
        if number.isdecimal() and not self.bot.asks(HOST, f"amplify {deed} {number}").mistake:
            if deed == "block":
                self.blocked.add(who)
                self._loses(who)
            else:
                self.blocked.discard(who)

    def _starts(self, who: Member) -> None:
        """Whoever stopped or muted may begin again; a no to this alone stays one."""
        self.muted.discard(who)
        word = self.bot.calls(who, "amplify status")
        if "You said no" not in word:
            self.no.discard(who)

    def _loses(self, who: Member) -> None:
        mine = {post.id for post in self.posts if post.author == who}
        self.shown = [post for post in self.shown if post not in mine]

    def holds(self) -> None:
        """The feed shows what the model does, those passed on last first."""
        muted = {post.id for post in self.posts if post.author in self.muted}
        wanted = [post for post in reversed(self.shown) if post not in muted]
        assert self.bot.shown() == wanted


def _lives(course: list[tuple[str, Member | int]]) -> None:
    one = Course()
    for deed, about in course:
        if isinstance(about, Member):
            one.goes(deed, about)
        else:
            one.happens(deed, about)
        one.holds()
    one.bot.passes(timedelta(hours=1))
    one.holds()


@settings(max_examples=15, deadline=None)
@given(steps)
def test_a_feed_shows_what_may_be_passed_on_and_no_more(
    course: list[tuple[str, Member | int]],
) -> None:
    _lives(course)


@pytest.mark.torture
@settings(max_examples=500, deadline=None)
@given(steps)
def test_nor_in_hundreds_of_courses(course: list[tuple[str, Member | int]]) -> None:
    _lives(course)
