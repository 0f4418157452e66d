"""What the operator writes about Bluesky is checked, and passwords come from outside."""

from pathlib import Path
from typing import Any

import pytest

from bot.adapters.bluesky.adapter import BlueskyAdapter
from bot.adapters.bluesky.settings import check_community, read
from bot.domain.errors import UserError
from bot.domain.model import Community, Space
from tests.adapters.notebook import Notebook

ACCOUNTS = {"weaver": {"id": "tally.example"}, "middle-school": {"id": "did:plc:abc"}}
SOURCE = Path("config.toml")


def settings(**changed: Any) -> dict[str, Any]:
    return {"accounts": ACCOUNTS} | changed


def test_a_password_comes_from_the_environment() -> None:
    found = read(settings(), {"WEAVER_BLUESKY_PASSWORD_MIDDLE_SCHOOL": "hush"}, SOURCE)

    assert found.passwords == {"middle-school": "hush"}
    assert "hush" not in repr(found)


def test_a_password_comes_from_a_file_and_the_environment_wins(tmp_path: Path) -> None:
    file = tmp_path / "secrets.toml"
    file.write_text('weaver = "old"\nmiddle-school = "kept"\n')
    file.chmod(0o600)

    found = read(
        settings(secrets="secrets.toml"),
        {"WEAVER_BLUESKY_PASSWORD_WEAVER": "new"},
        tmp_path / "config.toml",
    )

    assert found.passwords == {"weaver": "new", "middle-school": "kept"}


def test_a_secrets_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "secrets.toml"
    file.write_text('weaver = "secret"\n')
    file.chmod(0o644)

    with pytest.raises(UserError, match="chmod 600"):
        read(settings(secrets="secrets.toml"), {}, tmp_path / "config.toml")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("nonsense", "one line an account"),
        ('nobody = "x"\n', "nobody: is no account"),
        ("weaver = 1\n", "weaver: is no account"),
        (None, "no such file"),
    ],
)
def test_a_secrets_file_that_is_wrong_is_told_in_one_line(
    tmp_path: Path, written: str | None, said: str
) -> None:
    file = tmp_path / "secrets.toml"
    if written is not None:
        file.write_text(written)
        file.chmod(0o600)

    with pytest.raises(UserError, match=said) as told:
        read(settings(secrets="secrets.toml"), {}, tmp_path / "config.toml")
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({}, r"bluesky\.accounts: is missing"),
        (settings(accounts={}), r"bluesky\.accounts: write one or more"),
        (settings(password="x"), r"bluesky\.password: there is no such setting"),
        (settings(service="bsky.social"), r"bluesky\.service: "),
        (settings(accounts={"My account": {"id": "a.example"}}), "small letters"),
        (settings(accounts={"weaver": {}}), r"accounts\.weaver\.id: is missing"),
    ],
)
def test_settings_that_are_wrong_are_told_in_one_line(table: dict[str, Any], said: str) -> None:
    with pytest.raises(UserError, match=said) as told:
        read(table, {}, SOURCE)
    assert "\n" not in str(told.value)


def community(space: Space, *hosts: str) -> Community:
    return Community("tally", "Tally", spaces=(space,), hosts=frozenset(hosts))


@pytest.mark.parametrize(
    "space",
    [
        Space("bluesky", "#TallyMath"),
        Space("bluesky", "#TallyMath", account="middle-school"),
        Space("bluesky", "middle-school", purpose="audience", account="middle-school"),
        Space("sandbox", "anything"),
    ],
)
def test_hashtags_and_accounts_are_spaces(space: Space) -> None:
    check_community("here", community(space, "bluesky:did:plc:ada"), read(settings(), {}, SOURCE))


@pytest.mark.parametrize(
    ("space", "said"),
    [
        (Space("bluesky", "#TallyMath", purpose="audience"), "cannot be an audience"),
        (Space("bluesky", "TallyMath", account="TallyMath"), "no #hashtag and no account"),
        (Space("bluesky", "#TallyMath", account="nobody"), "no account is called 'nobody'"),
    ],
)
def test_a_space_that_cannot_be_is_refused(space: Space, said: str) -> None:
    with pytest.raises(UserError, match=said):
        check_community("here", community(space), read(settings(), {}, SOURCE))


def test_a_hashtag_that_nobody_speaks_in_is_refused() -> None:
    only = read({"accounts": {"elementary": {"id": "a.example"}}}, {}, SOURCE)

    with pytest.raises(UserError, match="nobody speaks there"):
        check_community("here", community(Space("bluesky", "#TallyMath")), only)


def test_a_host_is_a_did_as_handles_change() -> None:
    here = community(Space("bluesky", "#TallyMath"), "bluesky:ada.example")

    with pytest.raises(UserError, match="did:plc"):
        check_community("here", here, read(settings(), {}, SOURCE))


def test_accounts_follow_nobody_back_unless_they_are_set_to() -> None:
    wall = {"id": "wall.example", "follow_back": True}
    found = read(settings(accounts=ACCOUNTS | {"wall": wall}), {}, SOURCE)

    adapter = BlueskyAdapter(found, Notebook())
    assert [account.name for account in adapter.following.accounts] == ["wall"]
