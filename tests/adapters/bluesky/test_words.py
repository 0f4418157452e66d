"""Words become posts that fit, and lose nothing on the way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.bluesky.words import (
    BYTES,
    GRAPHEMES,
    Span,
    Words,
    facets,
    graphemes,
    marked,
    posts,
)

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
PIECES = st.one_of(
    st.sampled_from(
        [
            "#TallyMath",
            "#數學",
            "@ada.test",
            "https://example.org/a/rather/long/path?with=a&query=too#and-a-fragment",
            "example.com/maths",
            FAMILY,
            "e\u0301",
            "🇨🇾🇬🇧",
            "நி",
            "क्षि",
            ".",
            "\n",
            "\n\n",
            "! ",
            " ",
        ]
    ),
    st.text(max_size=12),
    st.text("ab ", min_size=1, max_size=120),
)
TEXTS = st.lists(PIECES, max_size=60).map("".join)


def squeezed(text: str) -> str:
    return "".join(text.split())


@given(TEXTS)
def test_every_post_fits_and_says_something(text: str) -> None:
    for words in posts(text):
        assert 0 < graphemes(words.text) <= GRAPHEMES
        assert len(words.text.encode()) <= BYTES
        assert words.text == words.text.strip()


@given(TEXTS)
def test_nothing_but_space_is_lost_or_added(text: str) -> None:
    assert squeezed("".join(words.text for words in posts(text))) == squeezed(text)


@given(TEXTS)
def test_links_tags_and_mentions_stay_whole_and_in_order(text: str) -> None:
    before = [(span.kind, span.value) for span in marked(text).spans]

    after = [(span.kind, span.value) for words in posts(text) for span in words.spans]

    assert after == before


@given(TEXTS)
def test_a_span_stands_where_its_words_stand(text: str) -> None:
    for words in posts(text):
        for span in words.spans:
            shown = words.text[span.start : span.end]
            assert shown.lower().removeprefix("https://").lstrip("#\uff03@$") in (
                span.value.lower().removeprefix("https://").lstrip("$")
            )


@given(st.lists(st.sampled_from([FAMILY, "e\u0301", "🇨🇾", "a"]), min_size=301, max_size=700))
def test_no_grapheme_is_cut(letters: list[str]) -> None:
    made = posts("".join(letters))

    assert sum(graphemes(words.text) for words in made) == len(letters)


@given(TEXTS)
def test_a_facet_names_the_bytes_of_its_words(text: str) -> None:
    for words in posts(text):
        encoded = words.text.encode()
        for span, facet in zip(words.spans, facets(words, Everybody()), strict=True):
            index = facet["index"]
            named = encoded[index["byteStart"] : index["byteEnd"]].decode()
            assert named == words.text[span.start : span.end]


class Everybody(dict[str, str]):
    """Every handle leads somewhere."""

    def get(self, key: str, default: str | None = None) -> str:  # type: ignore[override]
        return f"did:plc:{key}"


def test_short_words_are_one_post() -> None:
    assert [words.text for words in posts("  Hello, all.\n")] == ["Hello, all."]


@pytest.mark.parametrize("text", ["", "  \n "])
def test_no_words_are_no_post(text: str) -> None:
    assert posts(text) == []


def test_it_is_cut_between_paragraphs_before_sentences_before_words() -> None:
    paragraph, sentence, word = "One two. " * 20, "Three four. " * 8, "five " * 40

    assert posts(f"{paragraph}\n\n{sentence}{word}")[0].text == paragraph.strip()
    assert posts(f"{paragraph}{sentence}{word}")[0].text.endswith("four.")
    assert posts(word * 3)[0].text.endswith("five")


def test_a_link_that_no_post_holds_is_shown_in_part_and_leads_where_it_led() -> None:
    link = "https://example.org/" + "a" * 400

    [words] = posts(f"See {link} there.")

    [span] = words.spans
    assert span.value == link
    assert words.text == f"See {link[:60]}… there."


def test_a_mention_of_nobody_stays_plain_text() -> None:
    words = Words("@ada.test, hello", (Span(0, 9, "mention", "ada.test"),))

    assert facets(words, {}) == []
    [facet] = facets(words, {"ada.test": "did:plc:ada"})
    assert facet["features"][0]["did"] == "did:plc:ada"
