"""Every reason there is comes about by what people do, and author and host can hear it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, get_args

import pytest

from bot.api import Member, Post, PostSeen, Space
from bot.testing import ADA, GRACE, HOST
from plugins.amplify import plugin
from plugins.amplify.logic import HOLDS, Reason
from plugins.amplify.words import REASONS
from tests.plugins.amplify.conftest import BULBS, ROSES, Garden

DAY = timedelta(days=1)
FAR = Space("far", "#Roses", "#Roses", "talk")
LINK = "A warm-up that my class likes a lot: https://example.org/roses #Roses"
STRANGER = Member("fake", "stranger")


def says(text: str, member: Member = ADA, **more: Any) -> Callable[[Garden], Post]:
    """Somebody posts it."""
    return lambda bot: bot.posts(member, text, **more)


def shown(**more: Any) -> Callable[[Garden], Post]:
    """Somebody posts it with what only their platform can say of it."""

    def happen(bot: Garden) -> Post:
        post = Post("odd", bot.lobby, ADA, "Rhosod #Roses", bot.now, tags=("Roses",))
        post = replace(post, **more)
        bot.platforms["fake"].known.add(post.id)
        bot.dispatches(PostSeen("seen-odd", bot.now, bot.lobby, post))
        return post

    return happen


def after(command: str, then: Callable[[Garden], Post]) -> Callable[[Garden], Post]:
    """A host says something first."""

    def happen(bot: Garden) -> Post:
        assert not bot.asks(HOST, command).mistake
        return then(bot)

    return happen


def blocked(bot: Garden) -> Post:
    bot.posts(ADA, "Mildew? #Roses")
    return after("amplify block 1", says("Greenfly? #Roses"))(bot)


def among_hosts(bot: Garden) -> Post:
    post = bot.posts(ADA, "Between us", bot.hosts)
    bot.calls(ADA, "amplify this Roses", under=post)
    return post


def twice(bot: Garden) -> Post:
    for _ in range(2):
        post = bot.posts(ADA, "Has anybody seen mildew on a climbing rose this year? #Roses")
    return post


def copied(bot: Garden) -> Post:
    twice(bot)
    return bot.posts(GRACE, "Has anybody seen mildew on a climbing rose this year? #Roses")


def old(bot: Garden) -> Post:
    return bot.posts(ADA, "Mildew? #Roses", at=bot.now - 2 * DAY)


def answer(bot: Garden) -> Post:
    question = bot.posts(ADA, "Mildew? #Roses")
    return bot.posts(ADA, "Milk helps. #Roses", reply_to=question.id)


def young(bot: Garden) -> Post:
    return bot.posts(Member("fake", "young", made=bot.now - DAY), LINK)


def hijacked(bot: Garden) -> Post:
    for number in range(5):
        bot.posts(Member("fake", f"copier{number}"), f"{LINK} number {number}")
    return bot.posts(STRANGER, "Is this where roses are? #Roses")


HAPPENS: dict[Reason, Callable[[Garden], Post]] = {
    "consent": says("Bulbs up! #Bulbs"),
    "blocked": blocked,
    "public": among_hosts,
    "elsewhere": says("Mildew? #Roses", space=FAR),
    "reply": answer,
    "old": old,
    "language": shown(languages=("cy",)),
    "unwanted": says("Half price today #Roses #Promo"),
    "spray": says("Look #Roses #One #Two #Three #Four #Five"),
    "repeat": twice,
    "label": shown(labels=("graphic-media",)),
    "undescribed": after("amplify alt Roses require", says("Look #Roses", pictures=(False,))),
    "copy": copied,
    "link_only": says("https://example.org/roses #Roses"),
    "young_account": young,
    "new_account": says(LINK, STRANGER),
    "age_untold": says(LINK, STRANGER),
    "not_member": after("amplify members Roses yes", says("Hello? #Roses", STRANGER)),
    "hijack": hijacked,
}


@pytest.fixture
def bot() -> Garden:
    """A garden where people have talked for a while."""
    rules = {"languages": ["en"], "never_with": ["Promo"], "hourly": 0, "author_daily": 0}
    bot = Garden(plugin, spaces=[FAR], routes=[ROSES, BULBS], **rules)
    for member in (ADA, GRACE):
        bot.posts(member, "I have been here for years", at=bot.now - 60 * DAY)
    return bot


def test_each_reason_is_tried() -> None:
    assert set(HAPPENS) == set(get_args(Reason))


@pytest.mark.parametrize("reason", HAPPENS)
def test_author_and_host_can_hear_it(bot: Garden, reason: Reason) -> None:
    post = HAPPENS[reason](bot)

    assert post.id not in bot.passed_on
    for who in (post.author, HOST):
        told = bot.calls(who, f"amplify why {post.id}")
        assert REASONS[reason] in told
    held = post.id in bot.calls(HOST, "amplify queue")
    assert held == (reason in HOLDS), "what a host may overrule waits for one"
