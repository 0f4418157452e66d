"""From an invitation to the first chat by interactions alone, and out again."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.testing import SetClock
from tests.adapters.discord.test_chats import advance
from tests.adapters.discord.village import Village


@pytest.fixture
def newly(discord: Any, tmp_path: Path) -> Iterator[Village]:
    """Give a Weaver that looks after no community yet, on a server it was never asked to."""
    village = Village(discord, tmp_path)
    village.provisions = []
    yield village
    village.ends()


def answered(village: Village, asked: Any) -> str:
    village.waits_until(lambda: asked.words)
    return str(asked.words)


def set_up(village: Village, opened: Any) -> str:
    """Go through the guided set-up."""
    village.waits_until(lambda: opened.modal)
    filled = village.hana.submits(opened, name="The garden", zone="Europe/London")
    village.waits_until(lambda: filled.words)
    asks = {
        "Where newcomers are welcomed": village.lobby,
        "Where chats happen": village.tea,
        "Where only hosts read (may be left out)": village.shed,
        "Who hosts": village.hana,
    }
    for placeholder, choice in asks.items():
        chosen = village.hana.chooses(filled, placeholder, [choice])
        village.waits_until(lambda chosen=chosen: chosen.acknowledged)
    return answered(village, village.hana.presses(filled, "Begin"))


def test_from_an_invitation_to_the_first_chat(newly: Village) -> None:
    now = datetime.now(UTC)
    newly.clock = SetClock(now)
    newly.garden.removes_bot()
    newly.run(newly._start())
    newly.waits_until(newly.discord.gateway.connected)
    newly.garden.invites_bot(newly.hana)
    newly.waits_until(newly.is_ready)
    newly.waits_until(lambda: newly.hana.direct.by_bot or newly.lobby.by_bot)
    newly.is_quiet()

    words = set_up(newly, newly.hana.runs(newly.lobby, "setup"))

    assert "The garden is set up" in words
    assert newly.weaver is not None
    [looked] = newly.weaver.registry.communities.values()
    assert (looked.community.name, looked.community.zone) == ("The garden", "Europe/London")
    assert [one.purpose for one in looked.community.spaces] == ["lobby", "chat", "hosts"]
    ada = newly.discord.person("Ada").joins(newly.garden)
    newly.waits_until(lambda: any("Ada" in one.content for one in newly.lobby.by_bot))
    soon = f"{datetime.now(ZoneInfo('Europe/London')) + timedelta(minutes=30):%Y-%m-%d %I:%M %p}"
    asked = newly.hana.runs(newly.tea, newly.path("chats", "schedule"), when=soon, topic="Roses")
    newly.waits_until(lambda: asked.modal or asked.words)
    assert asked.modal, asked.words
    planned = newly.hana.submits(asked, prompts="Which do you grow? / And why?")
    assert "Planned as chat 1" in answered(newly, planned)
    newly.waits_until(lambda: any("Roses" in one.content for one in newly.tea.by_bot))

    advance(newly, now + timedelta(minutes=31))
    [question] = [one for one in newly.tea.by_bot if one.content.startswith("Q1 ")]
    reply = ada.replies(question, "Climbing ones.")
    newly.waits_until(lambda: newly.logged(reply))
    advance(newly, now + timedelta(minutes=95))

    said = [one.content.partition(" ")[0] for one in newly.tea.by_bot]
    assert said[-3:] == ["Q1", "Q2", "That"]
    shown = newly.hana.runs(newly.tea, "pulse share", space="tea-room")
    assert "tea-room" in answered(newly, shown)
    assert "dead" not in {act.state for act in newly.acts}


@pytest.mark.parametrize(
    ("fault", "is_closed"),
    [
        *(("502 before", False), ("502 after commit", False), ("cut after commit", True)),
        *(
            pytest.param(fault, is_closed, marks=pytest.mark.torture)
            for fault in ("429", "502 after commit", "cut after commit", "lost")
            for is_closed in (False, True)
        ),
    ],
)
def test_whatever_fails_weaver_introduces_itself_once(
    newly: Village, hurried: None, fault: str, is_closed: bool
) -> None:
    if is_closed:
        newly.hana.closes_direct_messages()
    struck = newly.discord.faults.add(fault, "/messages$", times=3, seconds=0.1)
    newly.starts()
    newly.waits_until(lambda: hellos(newly) and struck.struck)
    newly.stops()
    newly.discord.faults.clear()
    newly.starts()
    newly.waits_until(lambda: any(newly.kept.get(name) for name in newly.kept if "met:" in name))

    assert len(hellos(newly)) == 1
    assert bool(newly.hana.direct.by_bot) != is_closed


def hellos(village: Village) -> list[Any]:
    places = (village.hana.direct, village.lobby, village.tea, village.shed, village.roses)
    return [one for place in places for one in place.by_bot]


def test_where_the_audit_log_may_not_be_read_the_servers_own_channel_is_told(
    newly: Village,
) -> None:
    newly.garden.takes_from_bot("view_audit_log")
    newly.garden.changes(system_channel_id=newly.tea.id)
    newly.starts()
    newly.waits_until(lambda: hellos(newly))

    [hello] = hellos(newly)
    assert hello.channel.id == newly.tea.id
    assert not hello.pinged


def test_the_hello_in_a_channel_begins_the_set_up(newly: Village) -> None:
    newly.hana.closes_direct_messages()
    newly.starts()
    newly.waits_until(lambda: newly.lobby.by_bot)
    [hello] = newly.lobby.by_bot

    assert "The garden is set up" in set_up(newly, newly.hana.presses(hello, "Set Weaver up"))
    again = newly.hana.presses(hello, "Set Weaver up")
    newly.waits_until(lambda: again.modal)
    filled = newly.hana.submits(again, name="The garden", zone="Europe/London")
    newly.waits_until(lambda: filled.words)
    assert "set up already" in answered(newly, newly.hana.presses(filled, "Begin"))


def test_weaver_introduces_itself_once(newly: Village) -> None:
    newly.starts()
    newly.waits_until(lambda: newly.hana.direct.by_bot or newly.lobby.by_bot)
    newly.stops()
    newly.starts()
    newly.is_quiet()

    hellos = [*newly.hana.direct.by_bot, *newly.lobby.by_bot, *newly.tea.by_bot]
    assert len(hellos) == 1
    assert "until somebody who manages this server" in hellos[0].content


def test_setting_up_is_for_those_who_manage_the_server(newly: Village) -> None:
    ada = newly.discord.person("Ada").joins(newly.garden)
    newly.starts()

    with pytest.raises(LookupError, match="not shown"):
        ada.runs(newly.lobby, "setup")
    opened = newly.hana.runs(newly.lobby, "setup")
    newly.waits_until(lambda: opened.modal)
    filled = newly.hana.submits(opened, name="The garden", zone="Europe/London")
    newly.waits_until(lambda: filled.words)

    asked = ada.presses(filled, "Begin")

    assert "those who manage this server" in answered(newly, asked)


def test_a_set_up_goes_on_after_a_restart(newly: Village) -> None:
    newly.starts()
    opened = newly.hana.runs(newly.lobby, "setup")
    newly.waits_until(lambda: opened.modal)
    filled = newly.hana.submits(opened, name="The garden", zone="Europe/London")
    newly.waits_until(lambda: filled.words)
    newly.stops()
    newly.starts()

    chosen = newly.hana.chooses(filled, "Where newcomers are welcomed", [newly.lobby])
    newly.waits_until(lambda: chosen.acknowledged)
    newly.stops()
    newly.starts()

    assert "The garden is set up" in answered(newly, newly.hana.presses(filled, "Begin"))
    assert "users" not in str([newly.kept[name] for name in newly.kept if "draft:" in name])


def test_a_zone_that_nobody_knows_is_asked_for_again(newly: Village) -> None:
    newly.starts()
    opened = newly.hana.runs(newly.lobby, "setup")
    newly.waits_until(lambda: opened.modal)

    filled = newly.hana.submits(opened, name="The garden", zone="Tea time")

    assert "Say /setup to try again" in answered(newly, filled)
    again = newly.hana.submits(opened, name="The garden", zone="london")
    assert "Did you mean Europe/London?" in answered(newly, again)


def test_what_weaver_lacks_is_named_with_the_click_that_grants_it(newly: Village) -> None:
    newly.starts()
    newly.waits_until(lambda: newly.hana.direct.by_bot or newly.lobby.by_bot)
    newly.tea.overwrite(deny=["send_messages"])

    words = set_up(newly, newly.hana.runs(newly.lobby, "setup"))

    assert f"In <#{newly.tea.id}> Weaver still lacks Send Messages" in words
    assert "https://discord.com/oauth2/authorize?client_id=" in words


def test_being_removed_pauses_a_community_and_coming_back_goes_on(newly: Village) -> None:
    newly.starts()
    newly.waits_until(lambda: newly.hana.direct.by_bot or newly.lobby.by_bot)
    set_up(newly, newly.hana.runs(newly.lobby, "setup"))
    weaver = newly.weaver
    assert weaver is not None

    newly.garden.removes_bot()
    newly.waits_until(lambda: all(one.paused for one in weaver.registry.communities.values()))
    assert newly.run(newly.adapter._foundation.bury(timedelta(days=90))) == 0

    newly.garden.invites_bot(newly.hana)
    newly.waits_until(lambda: not any(one.paused for one in weaver.registry.communities.values()))

    newly.garden.removes_bot()
    newly.waits_until(lambda: all(one.paused for one in weaver.registry.communities.values()))
    assert newly.run(newly.adapter._foundation.bury(timedelta(0))) == 1
    assert not weaver.registry.communities
    assert newly.posts == []
    assert newly.acts == []
