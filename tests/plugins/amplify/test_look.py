"""What raises the alarm and what just does not: each rule at its edge."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.testing import NOON
from plugins.amplify.alarm import KEPT, MOST, Sighting, let_through, look, remember
from plugins.amplify.prints import Print, print_of

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
ONE_TEXT = print_of("Get many new friends today, click below and see for yourself")
QUOTE = print_of("Nobody ever learned to swim by being told the temperature of the water")
MOST_TAGS = 5


def crowd(
    count: int, apart: timedelta = MINUTE, *, known: bool = False, text: Print | None = None,
    link: bool = False, tags: int = 1, who: str = "stranger",
) -> list[Sighting]:  # fmt: skip
    """So many accounts, one after the other; without a text, each says something of its own."""
    chance = random.Random(f"{who}{count}")
    return [
        Sighting(
            f"{who}{number}", NOON + number * apart, known, tags, link,
            text or Print(chance.getrandbits(63), 12),
        )
        for number in range(count)
    ]  # fmt: skip


def put(seen: list[Sighting], *others: Sighting) -> list[Sighting]:
    """Others among them, just before the last, who raises the alarm or does not."""
    return [*seen[:-1], *(one._replace(at=seen[-1].at) for one in others), seen[-1]]


def sign_of(seen: list[Sighting], *, is_young: bool = False) -> str:
    alarm = look(seen, MOST_TAGS, is_young=is_young)
    return alarm.sign if alarm else ""


def regulars(count: int, text: Print | None = None, *, link: bool = False) -> list[Sighting]:
    return crowd(count, known=True, text=text, link=link, who="regular")


def copies(count: int, apart: timedelta = MINUTE) -> list[Sighting]:
    return crowd(count, apart, text=ONE_TEXT, link=True)


def quotes(count: int, apart: timedelta = MINUTE) -> list[Sighting]:
    return crowd(count, apart, text=QUOTE)


def spray(count: int, apart: timedelta = MINUTE) -> list[Sighting]:
    return crowd(count, apart, tags=MOST_TAGS + 1)


def links(count: int, apart: timedelta = MINUTE) -> list[Sighting]:
    return crowd(count, apart, link=True)


def rush(count: int, apart: timedelta = timedelta(seconds=10)) -> list[Sighting]:
    return crowd(count, apart)


RULES = pytest.mark.parametrize(
    ("make", "sign", "enough", "within"),
    [
        (copies, "copies", 5, timedelta(days=1)),
        (quotes, "copies", 12, timedelta(days=1)),
        (spray, "spray", 6, timedelta(hours=12)),
        (links, "links", 13, timedelta(hours=2)),
        (rush, "rush", 15, timedelta(minutes=4)),
    ],
)
Make = Callable[..., list[Sighting]]


@RULES
def test_so_many_strangers_raise_it_and_one_fewer_does_not(
    make: Make, sign: str, enough: int, within: timedelta
) -> None:
    alarm = look(make(enough), MOST_TAGS)

    assert alarm is not None
    assert (alarm.sign, alarm.accounts) == (sign, enough)
    assert alarm.within == make(enough)[-1].at - NOON
    assert sign_of(make(enough - 1)) == ""


@RULES
def test_they_raise_it_within_a_time_and_not_over_a_longer_one(
    make: Make, sign: str, enough: int, within: timedelta
) -> None:
    assert sign_of(make(enough, within // (enough - 1))) == sign
    assert sign_of(make(enough, within / (enough - 1.5))) == ""


@RULES
def test_one_account_is_one_however_often_it_speaks(
    make: Make, sign: str, enough: int, within: timedelta
) -> None:
    assert sign_of([one._replace(who="stranger") for one in make(enough)]) == ""


@RULES
def test_nothing_that_people_known_here_do_raises_it(
    make: Make, sign: str, enough: int, within: timedelta
) -> None:
    assert sign_of([one._replace(is_known=True) for one in make(enough)]) == ""
    assert sign_of([*make(enough), *crowd(1, known=True, link=True, text=ONE_TEXT)]) == ""


@RULES
def test_what_a_host_let_through_is_no_sign_and_the_next_ones_are(
    make: Make, sign: str, enough: int, within: timedelta
) -> None:
    seen = let_through(make(enough))
    assert sign_of([*seen, *make(1)]) == ""
    assert sign_of([*seen, *make(enough - 1)]) == ""
    assert sign_of([*seen, *make(enough)]) == sign


@RULES
def test_where_weaver_is_young_only_what_nobody_would_do_raises_it(
    make: Make, sign: str, enough: int, within: timedelta
) -> None:
    assert sign_of(make(enough), is_young=True) == (sign if sign in ("copies", "spray") else "")


def test_a_copy_that_somebody_known_here_posts_too_is_none_with_a_link() -> None:
    assert sign_of(put(copies(5), *regulars(1, text=ONE_TEXT, link=True))) == ""
    assert sign_of(put(quotes(12), *regulars(1, text=QUOTE))) == "copies"
    assert sign_of(put(quotes(12), *regulars(2, text=QUOTE))) == ""


def test_short_words_are_not_copied() -> None:
    hello = print_of("Hello from a new garden")
    assert sign_of(crowd(13, text=hello, link=True)) == "links"
    assert sign_of(crowd(12, text=hello, link=True)) == ""
    assert sign_of(crowd(14, text=print_of("Hello, I am new and I teach maths in Leeds"))) == ""


def test_spray_is_held_against_other_strangers_only() -> None:
    assert sign_of(put(spray(6), *crowd(4, who="newcomer"))) == "spray"
    assert sign_of(put(spray(6), *crowd(5, who="newcomer"))) == ""
    assert sign_of(put(spray(6), *regulars(50))) == "spray"


@pytest.mark.parametrize(("sellers", "others"), [(13, 1), (14, 2), (16, 3), (17, 4), (30, 4)])
def test_links_are_held_against_those_of_people_known_here(sellers: int, others: int) -> None:
    assert sign_of(put(links(sellers), *regulars(others, link=True))) == "links"
    assert sign_of(put(links(sellers), *regulars(others + 1, link=True))) == ""


@pytest.mark.parametrize(("sellers", "others"), [(13, 1), (14, 2), (16, 3), (17, 4), (30, 4)])
def test_links_are_held_against_newcomers_who_post_none(sellers: int, others: int) -> None:
    newcomers = crowd(others + 1, who="newcomer")
    assert sign_of(put(links(sellers), *newcomers[:-1])) == "links"
    assert sign_of(put(links(sellers), *newcomers)) == ""


def test_a_rush_is_held_against_everybody() -> None:
    assert sign_of(put(rush(15), *regulars(3))) == "rush"
    assert sign_of(put(rush(15), *regulars(4))) == ""


def test_an_empty_tag_is_quiet() -> None:
    assert look([], MOST_TAGS) is None


def test_two_days_are_remembered_and_two_hundred_at_most() -> None:
    seen: list[Sighting] = []
    for one in crowd(MOST + 50):
        seen = remember(seen, one)
    assert [seen[0].who, seen[-1].who, len(seen)] == ["stranger50", "stranger249", MOST]

    [late] = crowd(1, who="late")
    seen = remember(seen, late._replace(at=seen[-3].at + KEPT))
    assert [one.who for one in seen] == ["stranger248", "stranger249", "late0"]


def test_links_of_others_and_words_of_newcomers_count_together() -> None:
    among = [*regulars(1, link=True), *crowd(1, who="newcomer")]
    assert sign_of(put(links(13), *among)) == ""
    assert sign_of(put(links(14), *among)) == "links"
    assert sign_of(put(links(13), *regulars(50))) == "links"
