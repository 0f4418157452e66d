"""A chat that a host plans by slash commands, as a server's members and its calendar see it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.testing import SetClock
from tests.adapters.discord.village import Village

LONDON = ZoneInfo("Europe/London")
SCHEDULED, CANCELLED = 1, 4


def planned(village: Village, minutes: int, prompts: str, **more: str) -> None:
    """Have Hana plan a chat so many minutes ahead, and wait until that is answered."""
    soon = f"{datetime.now(LONDON) + timedelta(minutes=minutes):%Y-%m-%d %I:%M %p}"
    path = village.path("chats", "schedule")
    asked = village.hana.runs(village.tea, path, when=soon, topic="Roses", **more)
    village.waits_until(lambda: asked.modal or asked.words)
    filled = village.hana.submits(asked, prompts=prompts)
    village.waits_until(lambda: filled.words)
    assert "Planned as chat 1" in filled.words


def meetings(village: Village) -> list[dict[str, Any]]:
    return list(village.discord.world.events.values())


def test_a_chat_is_in_the_calendar_once_until_it_is_cancelled(village: Village) -> None:
    village.starts()
    planned(village, 30, "Which do you grow? / And why?")
    village.waits_until(lambda: meetings(village))
    village.is_quiet()
    village.stops()
    village.starts()
    village.is_quiet()

    [meeting] = meetings(village)
    assert (meeting["name"], meeting["status"]) == ("Roses", SCHEDULED)
    assert meeting["entity_metadata"] == {"location": f"<#{village.tea.id}>"}
    assert meeting["description"].startswith("Two questions. Come late if you need to.")
    starts, ends = (meeting[f"scheduled_{end}_time"] for end in ("start", "end"))
    assert datetime.fromisoformat(ends) - datetime.fromisoformat(starts) == timedelta(hours=1)

    asked = village.hana.runs(village.tea, village.path("chats", "cancel"), number=1, date="next")
    village.waits_until(lambda: asked.words)
    village.waits_until(lambda: meetings(village)[0]["status"] == CANCELLED)
    village.is_quiet()

    assert len(meetings(village)) == 1
    assert "dead" not in {act.state for act in village.acts}


def test_who_is_interested_is_coming_once_also_after_an_absence(village: Village) -> None:
    ada, bo = (village.discord.person(name).joins(village.garden) for name in ("Ada", "Bo"))
    village.starts()
    planned(village, 30, "Which do you grow? / And why?")
    village.waits_until(lambda: meetings(village))
    village.is_quiet()
    [meeting] = meetings(village)

    ada.is_interested(meeting)
    said = ada.runs(village.tea, village.path("chats", "coming"), number=1)
    village.waits_until(lambda: said.words)
    village.waits_until(lambda: expected(village) == 1)
    village.stops()
    ada.is_interested(meeting, interested=False)
    bo.is_interested(meeting)
    village.starts()
    village.waits_until(lambda: expected(village) == 2)

    listed = village.hana.runs(village.tea, village.path("chats", "list"))
    village.waits_until(lambda: listed.words)
    assert "2 people expected" in listed.words
    bo.is_interested(meeting, interested=False)
    village.waits_until(lambda: expected(village) == 1)


def expected(village: Village) -> int:
    """How many are coming, by what is kept."""
    assert village.weaver is not None
    with village.weaver.database.read.connect() as connection:
        rows = connection.exec_driver_sql("SELECT count(DISTINCT member) FROM chats_guest")
        return int(rows.scalar_one())


def test_a_session_is_held_in_the_thread_of_its_hello(village: Village) -> None:
    now = datetime.now(UTC)
    village.clock = clock = SetClock(now)
    village.plugin_settings = {"chats": {"thread": True}}
    ada = village.discord.person("Ada").joins(village.garden)
    village.starts()
    planned(village, 30, "Which do you grow? / And why?")
    advance(village, now + timedelta(minutes=31))

    [meeting] = meetings(village)
    starts = datetime.fromisoformat(meeting["scheduled_start_time"])
    shown = f"<t:{int(starts.timestamp())}:F>: “Roses”. Two questions,"
    assert village.tea.by_bot[0].content.startswith(shown)
    [thread] = village.tea.threads
    assert thread.name == "Roses"
    hello = next(one for one in village.tea.by_bot if one.content.startswith("Welcome to the chat"))
    assert thread.id == hello.id
    assert "Join in the thread under this post." in hello.content
    assert [one.content for one in thread.by_bot] == ["Q1 Which do you grow?"]
    said = ada.says(thread, "Climbing ones.")
    village.waits_until(lambda: village.logged(said))

    advance(village, clock.now() + timedelta(minutes=62))
    assert [one.content[:8] for one in thread.by_bot] == ["Q1 Which", "Q2 And w", "That was"]
    assert not [one for one in village.tea.by_bot if one.content[:3] in ("Q1 ", "Q2 ")]
    asked = village.hana.runs(village.tea, village.path("chats", "transcript"), number=1)
    village.waits_until(lambda: asked.words)
    first, _, second = asked.words.partition("Q2 And why?")
    assert "1 answer, whose author" in first
    assert "Nobody answered" in second or "No answers yet" in second
    assert [one["status"] for one in meetings(village)] == [SCHEDULED]
    assert "dead" not in {act.state for act in village.acts}


def test_a_session_is_held_in_a_post_of_a_forum_and_its_replies_are_counted(
    village: Village,
) -> None:
    now = datetime.now(UTC)
    village.clock = clock = SetClock(now)
    village.plugin_settings = {"chats": {"thread": "forum", "tags": ["Roses"]}}
    ada, bo = (village.discord.person(name).joins(village.garden) for name in ("Ada", "Bo"))
    village.starts()
    planned(village, 30, "Which do you grow? / And why?", space="questions")
    advance(village, now + timedelta(minutes=31))

    [post] = village.forum.threads
    assert (post.name, village.forum.tag("Roses") in post.data["applied_tags"]) == ("Roses", True)
    first, announced, hello, asked = [one.content for one in post.by_bot]
    assert first.startswith("This post is the chat about “Roses”")
    assert announced.startswith("<t:")
    assert hello.startswith("Welcome to the chat")
    assert asked == "Q1 Which do you grow?"
    village.discord.clock.forward(minutes=31)
    said = [ada.says(post, "A1 Climbing ones."), bo.says(post, "A1 None yet.")]
    said.append(ada.says(post, "Why not, Bo?"))
    village.waits_until(lambda: village.logged(said[-1]))

    advance(village, clock.now() + timedelta(minutes=62))
    assert [one.content[:8] for one in post.by_bot[4:]] == ["Q2 And w", "That was"]
    shown = village.hana.runs(village.tea, village.path("chats", "transcript"), number=1)
    village.waits_until(lambda: shown.words)
    assert "Two people posted; 3 of 3 posts were replies." in shown.words
    assert "3 answers, whose authors" in shown.words
    assert [one.name for one in village.forum.threads] == ["Roses"]
    assert not village.tea.by_bot
    assert "dead" not in {act.state for act in village.acts}


def advance(village: Village, to: datetime) -> None:
    """Let time pass for Weaver, with everything that is due in it."""
    assert village.weaver is not None
    weaver = village.weaver
    village.run(weaver.scheduler.advance(to, weaver.delivery.drain))
    village.is_quiet()


def test_a_session_whose_thread_is_deleted_goes_on_in_its_channel(village: Village) -> None:
    now = datetime.now(UTC)
    village.clock = clock = SetClock(now)
    village.plugin_settings = {"chats": {"thread": True}}
    village.starts()
    planned(village, 30, "Which do you grow? / And why?")
    advance(village, now + timedelta(minutes=31))
    [thread] = village.tea.threads
    thread.is_deleted()
    advance(village, clock.now() + timedelta(minutes=62))

    [told] = [one for one in village.shed.by_bot if "did not go out" in one.content]
    assert told.content.startswith("Q2 of the chat did not go out: the channel is not there")
    assert "That was" in village.tea.by_bot[-1].content, "the wrap-up has a place"
    pressed = village.hana.presses(told, "Ask Q2 now")
    village.waits_until(lambda: pressed.words)
    village.is_quiet()
    assert "Q2 And why?" in village.tea.by_bot[-1].content
    assert not [one for one in village.shed.by_bot if "Nobody has answered Q2" in one.content]
