"""Texts that are much the same are found without keeping any."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.amplify.prints import NEAR, Print, is_link_only, print_of

SAID = "How do you get the rest of the room talking when the same three hands go up every time?"
WORDS = [
    *("ratio", "homework", "board", "answer", "lesson", "wrong", "warm", "talk", "group", "test"),
    *("quiz", "grade", "pupil", "number", "line", "graph", "slope", "proof", "area", "share"),
    *("half", "pattern", "guess", "check", "story", "game", "paper", "pencil", "room", "desk"),
    *("bell", "week", "term", "start", "end", "plan", "note", "try", "ask", "tell", "show"),
    *("draw", "count", "find", "make", "keep", "turn", "evening", "morning", "colleague"),
]
SPAM = "Get 500 followers today with our trusted growth service, click now"


def test_a_text_is_like_itself_whatever_its_tags_names_and_links() -> None:
    dressed = f"{SAID.upper()} #TallyMathMS @joel https://example.org/x?y=1"

    assert print_of(dressed) == print_of(SAID)


def test_a_word_changed_leaves_a_text_much_the_same() -> None:
    assert print_of(SAID).is_like(print_of(SAID.replace("three", "four")))
    assert print_of(SPAM).is_like(print_of(SPAM.replace("500", "900").replace("now", "here")))


def test_another_text_is_not_like_it() -> None:
    assert not print_of(SAID).is_like(
        print_of("Does anybody have a warm-up for similar triangles?")
    )


def test_short_texts_are_alike_only_when_they_are_the_same() -> None:
    assert print_of("Good morning all").is_like(print_of("good morning, ALL"))
    assert not print_of("Good morning all").is_like(print_of("Good evening all"))


def test_texts_without_words_are_like_nothing() -> None:
    assert not print_of("#TallyMathMS").is_like(print_of("#TallyMathMS"))


@given(st.text())
def test_a_print_is_a_number_that_databases_hold(text: str) -> None:
    assert -(2**63) <= print_of(text).bits < 2**63


def test_chance_hardly_ever_makes_two_texts_alike() -> None:
    chance = random.Random(5)
    texts = [" ".join(chance.choices(WORDS, k=12)) for _ in range(400)]
    prints = [print_of(text) for text in texts]
    near = [
        (one, other)
        for number, one in enumerate(prints)
        for other in prints[:number]
        if one.distance(other) <= NEAR
    ]

    pairs = 400 * 399 // 2
    assert len(near) < pairs / 2000, f"{len(near)} of {pairs} pairs that share some words"


def test_distance_counts_bits_whatever_their_sign() -> None:
    assert Print(-1, 9).distance(Print(0, 9)) == 64
    assert Print(-(2**63), 9).distance(Print(0, 9)) == 1


@pytest.mark.parametrize(
    ("text", "has_link", "only"),
    [
        ("https://example.org/a #TallyMathMS", True, True),
        ("Look: https://example.org/a @joel", True, True),
        ("A warm-up that my class likes: https://example.org/a", True, False),
        ("Hello", False, False),
        ("My slides", True, True),
    ],
)
def test_a_link_and_hardly_a_word_is_link_only(text: str, has_link: bool, only: bool) -> None:
    assert is_link_only(text, has_link=has_link) is only
