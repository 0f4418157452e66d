"""What a tag is, when two are one, and how one sounds."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.amplify.tags import bare, is_tag, spoken, tag_key, year_in

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize("tag", ["TallyMathMS", "#TallyMathMS", "\uff03TallyMathMS", "altc24"])
def test_a_tag_is_one_word(tag: str) -> None:
    assert is_tag(tag)


@pytest.mark.parametrize("tag", ["", "#", "two words", "2024", "#one#two", "__"])
def test_what_is_no_tag_is_refused(tag: str) -> None:
    assert not is_tag(tag)


def test_accents_tell_tags_apart_and_turkish_capitals_do_not() -> None:
    assert tag_key("BLÅHAJ") != tag_key("blahaj")
    assert tag_key("#\u0130stanbul") == tag_key("istanbul")


@given(st.text(min_size=1, max_size=20))
def test_the_key_of_a_key_is_itself(tag: str) -> None:
    assert tag_key(tag_key(tag)) == tag_key(tag) or bare(tag_key(tag)) != tag_key(tag)


def test_the_sign_is_no_part_of_a_tag() -> None:
    assert tag_key(" #Roses ") == tag_key("\uff03ROSES") == "roses"


@pytest.mark.parametrize(
    "tag", ["TallyMathMS", "UKFEchat", "maths", "LTHEchat", "日本語タグ", "MTBoS"]
)
def test_a_tag_that_reads_well_is_not_talked_about(tag: str) -> None:
    assert spoken(tag) is None


@pytest.mark.parametrize("tag", ["tallymathmiddle", "Studentsaspartners", "TALLYMATHMS"])
def test_a_long_run_of_one_case_is_a_question_and_no_verdict(tag: str) -> None:
    said = spoken(tag)

    assert said
    assert f"#{tag}" in said
    assert "several words" in said


def test_a_name_that_stands_here_already_is_the_better_form() -> None:
    assert spoken("tallymathms", ["#TallyMathMS"]) == (
        "Screen readers read #TallyMathMS word by word, and #tallymathms as one long word."
    )


@pytest.mark.parametrize(
    ("tag", "year"),
    [
        ("altc26", 2026),
        ("digifest2025", 2025),
        ("TallyConf28", 2028),
        ("iteachmath", None),
        ("grade7", None),
        ("Area51", None),
        ("digifest2019", None),
        ("26", None),
        ("year2020s", None),
        ("123426", None),
    ],
)
def test_a_year_at_the_end_is_an_events(tag: str, year: int | None) -> None:
    assert year_in(tag, TODAY) == year
