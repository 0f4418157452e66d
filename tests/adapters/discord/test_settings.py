"""The operator's table for Discord, and what is said when something in it cannot be."""

from pathlib import Path
from typing import Any

import pytest

from bot.adapters.discord.permissions import NEEDED, allowed, invitation, lacking
from bot.adapters.discord.settings import check_community, read
from bot.domain.errors import UserError
from bot.domain.model import Community, Space
from tests.adapters.discord.grounds import DiscordGrounds

TOKEN = {"WEAVER_DISCORD_TOKEN": "a-token"}
SOURCE = Path("mine.toml")


@pytest.mark.parametrize(
    ("table", "environment", "cure"),
    [
        ({}, {}, "set WEAVER_DISCORD_TOKEN, or name a file"),
        ({"intents": "all"}, TOKEN, "mine.toml: discord.intents: write 'full'"),
        ({"shards": 0}, TOKEN, "mine.toml: discord.shards: write at least 1, not 0"),
        ({"colour": "red"}, TOKEN, "discord.colour: there is no such setting; take it out"),
        ({}, {"WEAVER_DISCORD_TOKEN": "Bot abc"}, "leave out the word Bot"),
        ({"secrets": "nowhere.toml"}, TOKEN, "nowhere.toml: no such file or directory"),
    ],
)
def test_what_cannot_be_is_refused_with_its_cure(
    table: dict[str, Any], environment: dict[str, str], cure: str
) -> None:
    with pytest.raises(UserError) as refused:
        read(table, environment, SOURCE)

    assert cure in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_token_is_read_from_a_file_that_nobody_else_may_read(tmp_path: Path) -> None:
    secrets = tmp_path / "discord.toml"
    secrets.write_text('token = "kept"\n')
    secrets.chmod(0o644)
    source = tmp_path / "config.toml"

    with pytest.raises(UserError, match="chmod 600"):
        read({"secrets": "discord.toml"}, {}, source)
    secrets.chmod(0o600)

    assert read({"secrets": "discord.toml"}, {}, source).token == "kept"
    assert read({"secrets": "discord.toml"}, TOKEN, source).token == "a-token"
    assert "a-token" not in repr(read({}, TOKEN, source))


@pytest.mark.parametrize(
    ("community", "cure"),
    [
        (Community("a", "A", spaces=(Space("discord", "#general"),)), "no channel id"),
        (Community("a", "A", hosts=frozenset({"discord:hana"})), "with its id, as names change"),
    ],
)
def test_names_are_no_ids(community: Community, cure: str) -> None:
    with pytest.raises(UserError, match=cure):
        check_community("mine.toml: community.a", community)


def overwrite(identity: str, kind: int, allow: int = 0, deny: int = 0) -> dict[str, Any]:
    return {"id": identity, "type": kind, "allow": str(allow), "deny": str(deny)}


def test_permissions_are_reckoned_in_discords_order() -> None:
    see, send = NEEDED["View Channel"], NEEDED["Send Messages"]
    roles = [{"id": "1", "permissions": str(see)}, {"id": "2", "permissions": "0"}]
    member = {"user": {"id": "9"}, "roles": ["2"]}

    def may(*overwrites: dict[str, Any]) -> int:
        return allowed("1", roles, member, {"permission_overwrites": overwrites})

    assert may() == see
    assert may(overwrite("1", 0, deny=see)) == 0
    assert may(overwrite("1", 0, deny=see), overwrite("2", 0, allow=see | send)) == see | send
    assert may(overwrite("2", 0, allow=send), overwrite("9", 1, deny=send)) == see
    assert may(overwrite("3", 0, allow=send)) == see
    boss = [{"id": "1", "permissions": str(1 << 3)}]
    assert lacking({"id": "1"}, boss, member, {}) == []


def test_a_look_at_discord_names_what_is_wrong(grounds: DiscordGrounds) -> None:
    assert grounds.loop.run(grounds.adapter.examine()).wrong == ()
    grounds.here.overwrite(deny=["send_messages"])

    looked = grounds.loop.run(grounds.adapter.examine())

    [wrong] = looked.wrong
    assert wrong.startswith("in #lobby Weaver lacks Send Messages; one click: https://")
    assert looked.invitation == invitation(grounds.adapter.api.application)


def test_a_token_that_is_not_taken_is_told_in_one_line(grounds: DiscordGrounds) -> None:
    grounds.discord.token = "another"
    adapter = grounds.anew()
    grounds.discord.token = "once more another"

    looked = grounds.loop.run(adapter.examine())

    assert looked.wrong == ("Discord does not take Weaver's token; give it a new one",)
