"""Keys say why an act exists and give nobody away."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import UserError
from bot.domain.model import Member, Post
from bot.kernel.keys import NAME, Keyring, installation_key
from bot.testing import ADA, GRACE, NOON
from tests.kernel.garden import LOBBY, TEA

KEYRING = Keyring(b"a secret")
parts = st.text(st.characters(codec="utf-8")) | st.integers()


def key(*given: object) -> str:
    return KEYRING.key("welcome", "garden", given)


def test_the_secret_is_made_once_and_for_this_user_alone(tmp_path: Path) -> None:
    first = installation_key(tmp_path)

    assert installation_key(tmp_path) == first
    assert len(first) == 32
    assert (tmp_path / NAME).stat().st_mode & 0o777 == 0o600


def test_two_installations_have_two_secrets(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()

    assert installation_key(tmp_path) != installation_key(tmp_path / "other")


@pytest.mark.parametrize("content", [b"", b"\n", b"abcd", b"zz" * 32, b"\xff" * 64, b"ab" * 33])
def test_a_damaged_secret_is_refused_and_kept(tmp_path: Path, content: bytes) -> None:
    (tmp_path / NAME).write_bytes(content)

    with pytest.raises(UserError, match=r"installation\.key: damaged; bring it back"):
        installation_key(tmp_path)
    assert (tmp_path / NAME).read_bytes() == content


def test_a_key_names_plugin_community_and_reason() -> None:
    assert key("series", 3, datetime(2026, 3, 2, 19, 30, tzinfo=UTC)) == (
        "welcome:garden:series:3:2026-03-02T1930+0000"
    )


def test_members_and_posts_are_in_it_as_hashes_only() -> None:
    post = Post("at://did:plc:ada/post/1", LOBBY, ADA, "my words", NOON)
    made = key("greet", ADA, post)

    assert made.startswith("welcome:garden:greet:")
    for secret in (ADA.id, ADA.name, post.id, "did", post.text):
        assert secret not in made.removeprefix("welcome:garden:greet:")


def test_a_hash_is_of_this_installation() -> None:
    assert KEYRING.hashed(ADA.key) != Keyring(b"another secret").hashed(ADA.key)
    assert key(ADA) != key(GRACE)


def test_a_name_that_changes_and_a_post_that_moves_change_no_key() -> None:
    renamed = Member(ADA.platform, ADA.id, "Countess")
    assert key(renamed) == key(ADA)

    here, there = (Post("1", space, ADA, text, NOON) for space, text in ((LOBBY, "a"), (TEA, "b")))
    assert key(here) == key(there)


@given(st.lists(parts, max_size=4), st.lists(parts, max_size=4))
def test_different_reasons_have_different_keys(
    one: list[str | int], other: list[str | int]
) -> None:
    same = list(map(str, one)) == list(map(str, other))
    if bool(one) == bool(other):
        assert (key(*one) == key(*other)) == same


def test_what_has_no_plain_form_is_no_part_of_a_key() -> None:
    with pytest.raises(TypeError, match="cannot be part of a key"):
        key(LOBBY)
