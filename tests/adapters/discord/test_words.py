"""Words are cut to what one message holds, and nothing of them is lost or torn."""

import re
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.discord.payloads import custom_id, said_by
from bot.adapters.discord.snowflakes import moment, nonce, parts, post_id, snowflake
from bot.adapters.discord.words import LONGEST, in_own_zones, messages, titled
from bot.domain.actions import Moment

WORDS = st.lists(
    st.one_of(
        st.text("abcdefg", min_size=1, max_size=30),
        st.just("https://roses.example/a-long-way/to/go?and=more"),
        st.just("[some words to press](https://roses.example/pressed)"),
        st.just("\n\n"),
        st.just("\n"),
        st.just("A sentence ends here. "),
    ),
    max_size=600,
)


@given(WORDS)
@settings(max_examples=80, deadline=None)
def test_no_message_is_too_long_and_no_word_or_link_is_torn(words: list[str]) -> None:
    text = " ".join(words)

    made = messages(text)

    assert all(0 < len(one) <= LONGEST for one in made)
    assert " ".join(made).split() == text.split()
    whole = re.compile(r"\[[^\]]*\]\([^)]*\)")
    assert sum(len(whole.findall(one)) for one in made) == len(whole.findall(text))


def test_a_block_of_code_is_closed_and_opened_again() -> None:
    code = "\n".join(f"    line {number} = {number}" for number in range(300))
    made = messages(f"Look:\n```python\n{code}\n```\nThat was it.")

    assert len(made) > 1
    assert all(one.count("```") % 2 == 0 for one in made)
    assert all(one.startswith("```python\n    line") for one in made[1:-1])
    lines = [line for one in made for line in one.splitlines() if "line" in line]
    assert lines == code.splitlines()


def test_a_word_longer_than_a_message_is_cut_where_it_must_be() -> None:
    assert "".join(messages("x" * 5000)) == "x" * 5000
    assert messages("") == messages(" \n ") == []


def test_a_title_is_one_line_of_the_length_that_discord_takes() -> None:
    assert titled("Roses\n and weeds") == "Roses and weeds"
    assert len(titled("x" * 300)) == 100


@given(st.text(max_size=40), st.integers(0, 9))
def test_a_nonce_is_made_of_key_and_part_alone_and_short_enough(key: str, part: int) -> None:
    made = nonce(key, part)

    assert made == nonce(key, part) != nonce(key, part + 1)
    assert 20 <= len(made) <= 25
    assert re.fullmatch(r"[A-Z2-7]+", made)


@given(st.integers(0, 2**63 - 1), st.integers(0, 2**63 - 1))
def test_ids_of_posts_are_read_as_they_were_written(channel: int, message: int) -> None:
    assert parts(post_id(channel, message)) == (channel, message)
    assert moment(snowflake(moment(message))) == moment(message)


@given(st.text(max_size=60))
def test_what_is_no_id_of_a_post_is_none(text: str) -> None:
    found = parts(text)

    assert found is None or re.fullmatch(r"\d+/\d+", text)


@given(st.text(max_size=60), st.integers(1, 2**63 - 1))
def test_a_button_says_what_it_carries(command: str, space: int) -> None:
    assert said_by(custom_id(command)) == (command, "")
    assert said_by(custom_id(command, str(space))) == (command, str(space))
    assert said_by(f"other:{command}") is None


def test_moments_are_shown_in_each_readers_own_zone() -> None:
    at = datetime(2026, 3, 3, 19, 30, tzinfo=UTC)
    moments = (Moment("3 March at 7:30 pm", at), Moment("never said", at))

    assert in_own_zones("On 3 March at 7:30 pm: roses.", moments) == "On <t:1772566200:F>: roses."
