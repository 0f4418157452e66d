"""Count posts, each once, so that neither order nor repetition changes a figure.

Of two rows with one id the smallest counts: a human's before a bot's, then the earliest, then an
original before a reply before a repost, then the smaller account number. That choice depends on
the rows alone, so shuffling, repeating or splitting an archive changes nothing.
"""

from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from bot.audit.posts import BOT, ORIGINAL, QUOTE, REPLY, REPOST, STARTER, Post
from bot.domain import measures

_SHELVES = 251  # a prime: the low bits of platforms' ids are far from random
_KIND = 3  # the bits of a post's facts that hold its kind
_BOTS = BOT >> 1  # facts from here on are of bots, all below of humans
_FACTS_A_DAY = measures.DAY << 2
_ACTIVE_WITHIN = 30 * measures.DAY

_Facts = tuple[int, int]  # facts and account: the order in which rows of one id compete


@dataclass(frozen=True, slots=True)
class Window:
    """The instants that count, in seconds since 1970: from `since` up to but without `until`."""

    since: int | None = None
    until: int | None = None

    @property
    def bounds(self) -> tuple[int, int]:
        """Give both ends as post facts, which compare like the instants they begin with."""
        low = -_BOTS if self.since is None else self.since << 2
        return low, _BOTS if self.until is None else self.until << 2


@dataclass(frozen=True, slots=True)
class Figures:
    """The counts behind one row of the audit; dates in seconds since 1970."""

    posts: int
    accounts: int
    replies: int
    reposts: int
    first: int | None
    last: int | None
    activity: list[int]
    bot_posts: int
    repeated: int
    quotes: int = 0
    """Of the originals, those that show another post."""

    @property
    def pct_reply(self) -> float | None:
        """Replies among all posts, reposts included, in per cent."""
        return measures.percentage(self.replies, self.posts)

    @property
    def pct_repost(self) -> float | None:
        """Reposts among all posts, in per cent."""
        return measures.percentage(self.reposts, self.posts)

    @property
    def posts_per_account(self) -> float | None:
        """Posts per account that posted, to one decimal."""
        return measures.half_up(self.posts, self.accounts, 1)

    @property
    def reply_share(self) -> float | None:
        """Replies among the posts that are no reposts, to four decimals."""
        return measures.half_up(self.replies, self.posts - self.reposts, 4)

    def active(self, as_of: int) -> bool:
        """Tell whether the last post is at most 30 days old, to the second."""
        return self.last is not None and as_of - self.last <= _ACTIVE_WITHIN


class Tally:
    """Posts seen so far: 24 bytes each, repeated ones too, until they are counted."""

    def __init__(self) -> None:
        self.shelves = [(array("Q"), array("q"), array("Q")) for _ in range(_SHELVES)]
        self.gone: set[int] = set()

    def add(self, posts: Iterable[Post]) -> None:
        """Take posts in, in any order."""
        shelves = self.shelves
        for key, account, facts in posts:
            keys, all_facts, accounts = shelves[key % _SHELVES]
            keys.append(key)
            all_facts.append(facts)
            accounts.append(account)

    def drop(self, ids: Iterable[int]) -> None:
        """Leave out posts that were deleted, whether they are seen before or after."""
        self.gone.update(ids)

    def merge(self, other: "Tally") -> None:
        """Take in what another tally saw: an archive in two files counts as in one."""
        for mine, theirs in zip(self.shelves, other.shelves, strict=True):
            for column, more in zip(mine, theirs, strict=True):
                column.extend(more)
        self.gone |= other.gone

    def figures(self, window: Window, *, is_thread: bool = False) -> Figures:
        """Count each post in the window once; a thread's replies follow from who spoke when."""
        low, high = window.bounds
        kinds, days, accounts = Counter[int](), Counter[int](), set[int]()
        ends: list[int] = []
        bots = distinct = 0
        for found, posts in self.posts(is_thread=is_thread):
            distinct += found
            humans = [post for post in posts if low <= post[0] < high]
            if len(humans) < len(posts):
                bots += sum(low + BOT <= facts < high + BOT for facts, _ in posts)
            kinds.update([facts & _KIND for facts, _ in humans])
            days.update([facts // _FACTS_A_DAY for facts, _ in humans])
            accounts.update([account for _, account in humans])
            if humans:
                ends += min(humans)[0] >> 2, max(humans)[0] >> 2
        first, last = min(ends, default=None), max(ends, default=None)
        return Figures(
            posts=kinds.total(),
            accounts=len(accounts),
            replies=kinds[REPLY],
            reposts=kinds[REPOST],
            first=first,
            last=last,
            activity=activity(days, window, first, last),
            bot_posts=bots,
            repeated=sum(len(keys) for keys, _, _ in self.shelves) - distinct,
            quotes=0 if is_thread else kinds[QUOTE],
        )

    def posts(self, *, is_thread: bool = False) -> Iterator[tuple[int, Collection[_Facts]]]:
        """Give the posts shelf by shelf, each once: facts and account, and how many ids there are.

        Bots' are among them; deleted ones are counted as ids only.
        """
        shelves: Iterable[dict[int, _Facts]] = self._once()
        if is_thread:  # who spoke before whom is seen from the whole only
            shelves = [dict(chain.from_iterable(once.items() for once in shelves))]
        for once in shelves:
            distinct = len(once)
            for key in self.gone & once.keys() if self.gone else ():
                del once[key]
            yield distinct, _conversation(once) if is_thread else once.values()

    def _once(self) -> Iterator[dict[int, _Facts]]:
        for keys, facts, accounts in self.shelves:
            once: dict[int, _Facts] = {}
            for key, post in zip(keys, zip(facts, accounts, strict=True), strict=True):
                if key not in once or post < once[key]:
                    once[key] = post
            yield once


def _conversation(once: dict[int, _Facts]) -> list[_Facts]:
    """Call replies the posts of a thread from the first voice other than the starter's on.

    Bots neither start a thread nor speak in it. The message that shows a thread's start names the
    starter and is then left out: it was posted, and is counted, in the channel.
    """
    spoken = sorted((facts >> 2, key, who) for key, (facts, who) in once.items() if facts < _BOTS)
    answer = next(((when, key) for when, key, who in spoken if who != spoken[0][2]), None)
    posts = []
    for key, (facts, who) in once.items():
        kind = facts & _KIND
        if kind == ORIGINAL and facts < _BOTS and answer and (facts >> 2, key) >= answer:
            kind = REPLY
        if kind != STARTER:
            posts.append((facts >> 2 << 2 | kind, who))
    return posts


def activity(
    days: Mapping[int, int], window: Window, first: int | None, last: int | None
) -> list[int]:
    """Count posts a day (since 1970) per bin, over the window or from the first to the last."""
    start = first if window.since is None else window.since
    end = last if window.until is None else window.until - 1
    if start is None or end is None:
        return []
    midnights = {day * measures.DAY: count for day, count in days.items()}
    return measures.activity(midnights, start, end)
