"""Words become arguments: a signature says how, and a mistake shows the usage."""

import contextlib
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.actions import Answer
from bot.domain.commands import CommandSpec, arguments, spec_of
from bot.domain.errors import UserError
from bot.domain.model import Community, Member, Space

LOBBY = Space("fake", "lobby", "Lobby", "lobby")
WALL = Space("fake", "GardenRoses", "#GardenRoses", "audience")
GARDEN = Community("garden", "The garden", spaces=(LOBBY, WALL))
ADA = Member("fake", "ada", "Ada Lovelace")


def plan(  # noqa: PLR0917 - one of each
    call: Any,
    ctx: Any,
    space: Space,
    count: int,
    mode: Literal["quick", "slow"] = "slow",
    loud: bool = False,
    host: Member = ADA,
    note: str = "",
) -> Answer:
    """Plan something.

    In as many words as it takes.
    """
    return Answer("")


def say(call: Any, ctx: Any, name: str, words: str) -> Answer:
    """Say something."""
    return Answer("")


def bare(call: Any, ctx: Any) -> Answer:
    return Answer("")


PLAN = spec_of("chats", "plan", "hosts", plan)
SAY = spec_of("chats", "say", "members", say)
BARE = spec_of("chats", "bare", "members", bare)


def given_(spec: CommandSpec, text: str) -> dict[str, Any]:
    return arguments(spec, text, GARDEN, (ADA,))


def mistake(spec: CommandSpec, text: str) -> str:
    with pytest.raises(UserError) as made:
        given_(spec, text)
    return str(made.value)


def test_signature_and_docstring_are_the_whole_declaration() -> None:
    assert PLAN.usage == (
        "chats plan SPACE COUNT [mode:quick|slow] [loud:LOUD] [host:HOST] [note:NOTE]"
    )
    assert PLAN.help.splitlines()[0] == "Plan something."
    assert [parameter.name for parameter in PLAN.parameters if parameter.long] == ["note"]
    assert BARE.usage == "chats bare"


def test_words_go_to_the_parameters_in_their_order() -> None:
    assert given_(PLAN, "lobby 3") == {
        "space": LOBBY,
        "count": 3,
        "mode": "slow",
        "loud": False,
        "host": ADA,
        "note": "",
    }


def test_a_parameter_can_be_named_anywhere_in_front() -> None:
    found = given_(PLAN, "mode:quick lobby loud:yes 3 host:@ada note:now")

    assert (found["mode"], found["loud"], found["note"]) == ("quick", True, "now")
    assert given_(PLAN, "count:3 lobby") == given_(PLAN, "lobby 3")


@pytest.mark.parametrize(
    "words",
    [
        'say "Ada Lovelace" hello',
        "say \u201cAda Lovelace\u201d hello",
        "say \u201eAda Lovelace\u201c hello",
        "say \u00abAda Lovelace\u00bb hello",
        'say name:"Ada Lovelace" hello',
        'say name:"Ada Lovelace" words:hello',
        "say words:hello name:\u201cAda Lovelace\u201d",
    ],
)
def test_quotation_marks_of_any_kind_keep_words_together(words: str) -> None:
    assert given_(SAY, words.removeprefix("say ")) == {"name": "Ada Lovelace", "words": "hello"}


def test_the_last_text_takes_all_that_is_left_line_breaks_included() -> None:
    found = given_(SAY, "Ada\nQ1: what grows?\n\n  Q2: who waters it?  \n")

    assert found == {"name": "Ada", "words": "Q1: what grows?\n\n  Q2: who waters it?"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('"one quoted text"', "one quoted text"),
        ("\u201cone quoted text\u201d", "one quoted text"),
        ('"one" and "another"', '"one" and "another"'),
        ('say "hello" to all', 'say "hello" to all'),
        ("it\u2019s \u201cgood\u201d", "it\u2019s \u201cgood\u201d"),
        ('"', '"'),
        ("words: with a colon", "words: with a colon"),
        ("at 19:30 see https://example.org/a:b", "at 19:30 see https://example.org/a:b"),
    ],
)
def test_a_long_text_is_kept_as_it_was_written(text: str, words: str) -> None:
    assert given_(SAY, f"Ada {text}")["words"] == words


@pytest.mark.parametrize(("word", "meant"), [("Yes", True), ("1", True), ("OFF", False)])
def test_yes_and_no_in_the_words_people_use(word: str, meant: bool) -> None:
    assert given_(PLAN, f"lobby 3 loud:{word}")["loud"] is meant


@pytest.mark.parametrize(("word", "number"), [("3", 3), ("#3", 3), ("-3", -3), ("#-3", -3)])
def test_a_number_may_have_its_sign(word: str, number: int) -> None:
    assert given_(PLAN, f"lobby {word}")["count"] == number


@pytest.mark.parametrize("name", ["lobby", "LOBBY", "#lobby", "Lobby"])
def test_a_space_is_known_by_its_name_and_id(name: str) -> None:
    assert given_(PLAN, f"{name} 3")["space"] == LOBBY
    assert given_(PLAN, "gardenroses 3")["space"] == WALL


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "SPACE is missing. Say it like this: chats plan SPACE COUNT"),
        ("lobby", "COUNT is missing. Say it like this: chats plan SPACE COUNT"),
        ("pond 3", "there is no space 'pond' here; there are Lobby, #GardenRoses"),
        ("lobby three", "COUNT is a whole number, not 'three'"),
        ("lobby --3", "COUNT is a whole number, not '--3'"),
        ("lobby -#3", "COUNT is a whole number, not '-#3'"),
        ("lobby 3.5", "COUNT is a whole number, not '3.5'"),
        ("lobby 1234567890123456789", "COUNT is a whole number, not"),
        ("lobby 3 mode:fast", "MODE is one of quick, slow, not 'fast'"),
        ("lobby 3 loud:maybe", "LOUD is yes or no, not 'maybe'"),
        ("lobby 3 host:nobody", "nobody called 'nobody' is mentioned"),
        ('lobby 3 mode:"quick', 'a quotation mark is open at "quick; close it'),
    ],
)
def test_a_mistake_names_the_word_and_the_cure(text: str, words: str) -> None:
    assert mistake(PLAN, text).startswith(words)


def test_what_nobody_asked_for_is_not_passed_over() -> None:
    said = mistake(BARE, "now please")
    assert said == "I do not know what to do with 'now please'. Say it like this: chats bare"


def test_a_member_is_one_whom_the_text_mentions() -> None:
    assert given_(PLAN, "lobby 3 host:@ADA")["host"] == ADA
    with pytest.raises(UserError, match="is mentioned"):
        arguments(PLAN, "lobby 3 host:@ada", GARDEN, ())


@given(st.text() | st.text('ab":# \n\u201c\u201d-3', max_size=40))
def test_whatever_people_write_is_understood_or_answered(text: str) -> None:
    for spec in (PLAN, SAY, BARE):
        with contextlib.suppress(UserError):
            found = given_(spec, text)
            assert found.keys() == {parameter.name for parameter in spec.parameters}


@given(st.text("ab \n.:\u201c\u201d\"'", min_size=1).filter(str.strip))
def test_a_long_text_loses_nothing_but_the_marks_around_it(text: str) -> None:
    written = text.strip()
    if written.startswith(("words:", "name:")):
        return
    words = given_(SAY, f"Ada {written}")["words"]
    assert words in (written, written[1:-1])


def odd(call: Any, ctx: Any, much: float) -> Answer:
    return Answer("")


def test_a_parameter_of_another_type_is_refused_at_start() -> None:
    with pytest.raises(TypeError, match="chats odd: much is of no type a command can take"):
        spec_of("chats", "odd", "hosts", odd)
