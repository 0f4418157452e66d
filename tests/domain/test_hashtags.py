"""Each platform finds its own tags, and one key stands for all their spellings."""

# ruff: noqa: RUF001 - signs that look alike are the subject
import json
import time
import unicodedata
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.hashtags import Dialect, fold, hashtags

DIALECTS: tuple[Dialect, ...] = get_args(Dialect)
TEXTS = st.text(
    st.one_of(
        st.sampled_from("##＃# \n_-·・aé1٣語🦋\u200c\u200d\ufe0f\u0301/.:h&("), st.characters()
    )
)

AWKWARD = [  # text, then the tags on X, Bluesky, Mastodon
    ("(#LTHEchat) today", ["LTHEchat"], [], []),
    ('"#LTHEchat"', ["LTHEchat"], [], []),
    ("#LTHE-chat", ["LTHE"], ["LTHE-chat"], ["LTHE"]),
    ("#LTHEchat's", ["LTHEchat"], ["LTHEchat's"], ["LTHEchat"]),
    ("#one#two", [], ["one#two"], ["one"]),
    ("##double", ["double"], ["#double"], []),
    ("#a##b", ["b"], ["a##b"], ["a"]),
    ("#test__", ["test__"], ["test"], ["test__"]),
    ("#🦋", [], ["🦋"], []),
    ("#a👩🏽\u200d💻", ["a"], ["a👩🏽"], ["a"]),
    ("#نرم\u200cافزار", ["نرم\u200cافزار"], ["نرم"], ["نرم\u200cافزار"]),
    ("🎉#party", ["party"], [], []),
    ("。#日本語", ["日本語"], [], []),
    ("#" + "a" * 65, ["a" * 65], [], ["a" * 65]),
    ("#" + "a" * 64, ["a" * 64], ["a" * 64], ["a" * 64]),
    ("#" + "🦋" * 33, [], [], []),
    ("#c#", [], ["c"], ["c"]),
    ("＃full", ["full"], ["full"], ["full"]),
    ("#123 and #٣٤", [], [], []),
    ("#altc20 #3d #_test", *[["altc20", "3d", "_test"]] * 3),
    ("see https://example.org/page#part", [], [], []),
    ("see https://example.org/#part", [], [], []),
    ("example.org/a?b=#c and #d", ["d"], ["d"], ["d"]),
    ("done.Now?#tag", ["tag"], [], []),
    ("and/#tag", ["tag"], [], []),
    ("見てhttps://example.org/#part", [], [], []),
    ("https://example.org/。#tag", ["tag"], [], []),
    ("#a·", ["a·"], ["a"], ["a"]),
    ("#1·2 #1_ #1·a·", ["1·a·"], ["1·a"], ["1·2", "1·a"]),
    ("#https://example.org", [], ["https://example.org"], ["https"]),
    ("#sohttp://example.org", [], ["sohttp://example.org"], ["so"]),
    ("a\u00a0#b", ["b"], ["b"], ["b"]),
    ("one\n#two", ["two"], ["two"], ["two"]),
    ("#·dot", ["·dot"], ["·dot"], []),
    ("#again #again", *[["again", "again"]] * 3),
    ("", [], [], []),
]


@pytest.mark.parametrize(("text", "twitter", "bluesky", "mastodon"), AWKWARD)
def test_each_platform_reads_awkward_texts_its_own_way(
    text: str, twitter: list[str], bluesky: list[str], mastodon: list[str]
) -> None:
    assert hashtags(text, "twitter") == twitter
    assert hashtags(text, "bluesky") == bluesky
    assert hashtags(text, "mastodon") == mastodon
    assert hashtags(text, "discord") == mastodon


def test_the_platforms_own_cases_hold(shared: Path) -> None:
    cases = json.loads((shared / "data/hashtags.json").read_text(encoding="utf-8"))
    found = [hashtags(case["text"], case["platform"]) for case in cases["cases"]]
    assert found == [case["expected"] for case in cases["cases"]]
    for case in cases["normalisation"]:
        expected = case["expected"].lower() if case.get("keeps_case") else case["expected"]
        assert fold(case["input"], case["platform"]) == expected


@given(text=TEXTS, dialect=st.sampled_from(DIALECTS))
def test_tags_stand_in_the_text_in_order_and_without_sign(text: str, dialect: Dialect) -> None:
    start = 0
    for tag in hashtags(text, dialect):
        assert tag
        place = min(p for sign in "#＃" if (p := text.find(sign + tag, start)) >= 0)
        start = place + 1 + len(tag)


@given(tag=st.from_regex(r"[a-z][a-z0-9]{0,20}", fullmatch=True), dialect=st.sampled_from(DIALECTS))
def test_a_plain_tag_is_found_by_all(tag: str, dialect: Dialect) -> None:
    assert hashtags(f"so #{tag} it is", dialect) == [tag]


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("stretch", ["·", "1", "_", "a.", "語", "#1", "# ", "a-", "http://"])
def test_long_texts_take_no_longer_than_their_length(stretch: str, dialect: Dialect) -> None:
    began = time.process_time()
    hashtags("#a" + stretch * 50_000 + "/", dialect)
    assert time.process_time() - began < 2


@given(TEXTS)
def test_folding_twice_is_folding_once(tag: str) -> None:
    assert fold(fold(tag)) == fold(tag)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("LTHEchat", "lthechat", True),
        ("ｌｔｈｅ", "LTHE", True),
        ("İstanbul", "istanbul", True),
        ("ıstanbul", "istanbul", False),
        ("Straße", "STRASSE", True),
        ("café", "cafe", False),
        (unicodedata.normalize("NFD", "café"), "CAFÉ", True),
        ("ΣΊΣΥΦΟΣ", "σίσυφος", True),
    ],
)
def test_spellings_are_the_same_tag_or_not(one: str, other: str, same: bool) -> None:
    assert (fold(one) == fold(other)) is same


def test_mastodon_folds_latin_accents_too() -> None:
    assert fold("BLÅHAJ", "mastodon") == "blahaj"
    assert fold("Łódź", "mastodon") == "lodz"
    assert fold("ผู้เริ่ม", "mastodon") == "ผู้เริ่ม"


def test_a_long_run_of_punctuation_is_read_in_one_pass() -> None:
    assert hashtags("#tea" + "!" * 1_000_000, "bluesky") == ["tea"]
    assert hashtags("#" + "!" * 1_000_000 + "tea", "bluesky") == []
