"""Nothing that Discord does ends the line for good, loses a message or counts one twice."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.adapters.discord.village import Village
from tests.fakediscord.intents import CONTENT, MEMBERS


@pytest.fixture
def alive(village: Village, hurried: None) -> Village:
    village.starts()
    return village


def do(village: Village, what: Any) -> None:
    """Do something where the server lives."""
    village.discord.do(what)


def hears(village: Village, text: str) -> Any:
    """Somebody says something, and it is logged."""
    message = village.hana.says(village.lobby, text)
    village.waits_until(lambda: village.logged(message))
    return message


def times(village: Village, message: Any) -> int:
    return sum(row["post"].endswith(f"/{message.id}") for row in village.posts)


@pytest.mark.parametrize("how", ["drop", "op 7", "op 9", "op 9 resumable"])
def test_what_is_said_while_a_line_is_broken_is_heard_once(alive: Village, how: str) -> None:
    gateway = alive.discord.gateway
    hears(alive, "before")
    do(
        alive,
        {
            "drop": lambda: gateway.drop(4000),
            "op 7": gateway.ask_to_reconnect,
            "op 9": lambda: gateway.invalidate(resumable=False),
            "op 9 resumable": lambda: gateway.invalidate(resumable=True),
        }[how],
    )
    missed = alive.hana.says(alive.lobby, "meanwhile")

    alive.waits_until(lambda: alive.logged(missed))
    after = hears(alive, "after")
    alive.is_quiet()
    assert [times(alive, one) for one in (missed, after)] == [1, 1]


def test_what_is_said_while_weaver_does_not_run_is_fetched_once(alive: Village) -> None:
    before = hears(alive, "before")
    thread = alive.hana.starts_thread(before, "Aside")
    hears(alive, "a little later")
    alive.stops()
    missed = [alive.hana.says(alive.lobby, f"while away {number}") for number in range(130)]
    aside = alive.hana.says(thread, "aside, while away")

    alive.starts()

    alive.waits_until(lambda: alive.logged(missed[-1]) and alive.logged(aside))
    alive.is_quiet()
    assert {times(alive, one) for one in (before, *missed, aside)} == {1}
    alive.stops()
    alive.starts()
    alive.is_quiet()
    assert {times(alive, one) for one in (before, *missed, aside)} == {1}


def test_what_there_was_no_room_for_is_fetched_once(
    alive: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.adapters.discord.inlet.LONGEST", 0)
    thread = alive.hana.posts(alive.forum, "Aphids", "What helps?", tags=["Roses"])
    said = [alive.hana.says(alive.lobby, f"all at once {number}") for number in range(9)]
    said.append(alive.hana.says(thread, "And ants?"))

    alive.waits_until(lambda: all(map(alive.logged, said)))
    monkeypatch.undo()
    alive.waits_until(lambda: not alive.adapter.listening.inlet._pins)  # type: ignore[union-attr]
    alive.is_quiet()
    assert {times(alive, one) for one in said} == {1}


def test_an_outage_of_an_hour_is_ridden_out(alive: Village) -> None:
    hears(alive, "before")
    do(alive, lambda: None)
    alive.garden.goes_down()
    missed = alive.hana.says(alive.lobby, "unseen")
    alive.discord.clock.forward(minutes=60)

    alive.garden.comes_back()

    alive.waits_until(lambda: alive.logged(missed))
    assert times(alive, missed) == 1
    hears(alive, "after")


@pytest.mark.parametrize("code", [4004, 4014])
def test_what_the_operator_has_to_mend_is_said_plainly_and_mended(
    village: Village, hurried: None, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    village.starts()
    listening = village.adapter.listening
    assert listening is not None

    do(village, lambda: village.discord.gateway.drop(code))

    village.waits_until(lambda: listening._told_of)
    said = listening._told_of
    assert "intents" in said if code == 4014 else "token" in said
    village.waits_until(lambda: not listening._told_of)
    hears(village, "and heard again")


def test_intents_that_are_not_switched_on_are_told_of(village: Village, hurried: None) -> None:
    village.discord.gateway.allowed = 0
    village.run(village._start())
    village.waits_until(lambda: village.adapter.listening and village.adapter.listening._told_of)

    assert "Server Members Intent" in village.adapter.listening._told_of  # type: ignore[union-attr]
    village.discord.gateway.allowed = (1 << 1) | (1 << 15)
    village.waits_until(village.is_ready)
    hears(village, "heard")


KEYS = st.sampled_from(
    [
        *("id", "channel_id", "guild_id", "author", "member", "type", "content", "user", "data"),
        *("message_reference", "edited_timestamp", "ids", "parent_id", "mentions", "threads"),
        *("joined_at", "pending", "channels", "guilds", "applied_tags", "token", "roles"),
    ]
)
HARM = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 2**70) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=12,
)
EVENTS = st.sampled_from(
    [
        *("MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE", "MESSAGE_DELETE_BULK"),
        *("GUILD_CREATE", "GUILD_UPDATE", "GUILD_DELETE", "CHANNEL_CREATE", "CHANNEL_UPDATE"),
        *("CHANNEL_DELETE", "THREAD_CREATE", "THREAD_UPDATE", "THREAD_DELETE", "RESUMED"),
        *("THREAD_LIST_SYNC", "GUILD_MEMBER_ADD", "GUILD_MEMBER_UPDATE", "INTERACTION_CREATE"),
        *("GUILD_ROLE_CREATE", "GUILD_ROLE_DELETE", "VOICE_STATE_UPDATE", "NOBODY_KNOWS_THIS"),
    ]
)


def test_nothing_that_the_gateway_sends_ends_the_line(alive: Village) -> None:
    gateway = alive.discord.gateway

    @settings(max_examples=150, deadline=None, suppress_health_check=[*HealthCheck])
    @given(st.lists(st.tuples(EVENTS, HARM), max_size=4))
    def send(events: list[tuple[str, Any]]) -> None:
        for name, data in events:
            do(alive, lambda name=name, data=data: gateway.send_event(name, data))

    send()
    message = hears(alive, "still here")
    assert times(alive, message) == 1
    alive.discord.deaths.clear()


def test_a_silent_line_is_taken_for_dead(village: Village, hurried: None) -> None:
    village.starts()
    listening = village.adapter.listening
    assert listening is not None
    first = listening.line
    assert first is not None

    first.last_heard -= timedelta(days=1).total_seconds()
    watching = listening._watch(first)
    village.run(watching)

    village.waits_until(lambda: listening.line is not first and village.is_ready())
    hears(village, "heard by another line")


@pytest.mark.parametrize("intents", ["full", "without content", "without members", "neither"])
def test_each_level_of_intents_does_what_the_readme_says(
    village: Village, hurried: None, intents: str
) -> None:
    village.settings["intents"] = intents
    words, members = intents in ("full", "without members"), intents in ("full", "without content")
    village.discord.gateway.allowed = MEMBERS * members | CONTENT * words
    village.plugin_settings["amplify"] = {
        "routes": [{"tag": "Roses", "audience": "roses", "asks": "tag"}],
        "hourly": 0,
    }
    village.starts()
    me = f"<@{village.discord.world.app_id}>"
    ada = village.discord.person("Ada").joins(village.garden)
    bob = village.discord.person("Bob").joins(village.garden)

    tagged = ada.says(village.lobby, "In bloom. #Roses")
    named = ada.says(village.lobby, f"Who prunes in autumn, {me}, and why so late? #Roses")
    topic = ada.posts(village.forum, "Pruning", "When?", tags=["Roses"])
    reply = bob.replies(tagged, "Lovely.")
    asked = ada.says(village.lobby, f"{me} help")
    ran = ada.runs(village.lobby, "pulse share")
    village.waits_until(lambda: ran.words and village.logged(reply))
    village.waits_until(lambda: any("what you can ask" in one.content for one in said(village)))
    village.is_quiet()

    row = village.logged(reply)
    assert row is not None
    assert row["kind"] == "reply"
    passed = [str(passes_on(one)) for one in village.roses.by_bot]
    assert (str(tagged.id) in passed) == words
    assert str(named.id) in passed
    assert str(topic.id) in passed
    links = [one.content for one in village.roses.by_bot if one.content]
    assert [str(topic.id) in one for one in links] == ([] if words else [True])
    menu = bob.picks("Amplify this", reply)
    village.waits_until(lambda: menu.words)
    assert "fault" not in menu.words
    greeted = any("Ada" in one.content and "ask me" not in one.content for one in said(village))
    assert greeted == members
    assert asked

    if not words:
        shared = bob.runs(village.lobby, "share", text="Mine too.", tags="Roses")
        village.waits_until(lambda: len(village.roses.by_bot) == len(passed) + 1)
        assert "Mine too." in shared.words
        answer = next(one for one in village.lobby.messages if "shares:" in one.content)
        logged = village.logged(answer)
        assert logged is not None
        assert (logged["author"], logged["bot"]) == (f"discord:{bob.id}", False)


def passes_on(message: Any) -> str:
    """Which message one of Weaver's own shows: by forwarding it, or by a link to it."""
    reference = message.data.get("message_reference") or {}
    return str(reference.get("message_id") or message.content.rpartition("/")[2])


def said(village: Village) -> list[Any]:
    return list(village.lobby.by_bot)
