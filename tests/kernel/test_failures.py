"""A plugin that fails, dawdles or misbehaves loses its own work and nobody else's."""

import contextlib
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session

from bot.domain.actions import Action, Answer, SendPost
from bot.domain.errors import UserError
from bot.domain.events import PostSeen
from bot.domain.model import Community
from bot.kernel import dispatch
from bot.kernel.commands import SORRY
from bot.kernel.dispatch import FAILURES
from bot.plugin import Call, Context, Plugin
from bot.storage.tables import InboxRow, PostRow
from tests.kernel.conftest import Plant
from tests.kernel.garden import GARDEN, LOBBY, SHED, WHY, Jot, Note, a_plugin, calls, says

SECRET = "the words of a member"


def jotting() -> Plugin[Any]:
    """Make a plugin that does its work, whatever others do."""
    plugin = a_plugin("jots", table=Jot)

    @plugin.on(PostSeen)
    def jot(event: PostSeen, ctx: Context[Any]) -> Iterator[Action]:
        ctx.db.add(Jot(text=event.post.text))
        yield SendPost(ctx.key("jot", event.post), event.space, "jotted", why=WHY)

    return plugin


def raises(ctx: Context[Any]) -> None:
    raise ValueError(SECRET)


def exits(ctx: Context[Any]) -> None:
    sys.exit(SECRET)


def breaks_a_rule_of_the_database(ctx: Context[Any]) -> None:
    ctx.db.add_all([Jot(text="twice"), Jot(text="twice")])
    ctx.db.flush()


def breaks_it_and_says_nothing(ctx: Context[Any]) -> None:
    with contextlib.suppress(Exception):
        breaks_a_rule_of_the_database(ctx)


def breaks_it_at_the_very_end(ctx: Context[Any]) -> None:
    ctx.db.add_all([Jot(text="twice"), Jot(text="twice")])


def speaks_nonsense_to_the_database(ctx: Context[Any]) -> None:
    ctx.db.execute(text("SELECT nothing FROM nowhere"))


def commits(ctx: Context[Any]) -> None:
    ctx.db.commit()
    raise ValueError(SECRET)


def rolls_back(ctx: Context[Any]) -> None:
    ctx.db.rollback()


def closes(ctx: Context[Any]) -> None:
    ctx.db.close()
    raise ValueError(SECRET)


MISDEEDS = [
    raises,
    exits,
    breaks_a_rule_of_the_database,
    breaks_it_and_says_nothing,
    breaks_it_at_the_very_end,
    speaks_nonsense_to_the_database,
    commits,
    rolls_back,
    closes,
]


def failing(misdeed: Any) -> Plugin[Any]:
    """Make a plugin that begins well, and then does not go on so."""
    plugin = a_plugin()

    @plugin.on(PostSeen)
    def note(event: PostSeen, ctx: Context[Any]) -> Iterator[Action]:
        ctx.db.add(Note(community="", text=event.post.text))
        yield SendPost(ctx.key("note", event.post), event.space, "noted", why=WHY)
        misdeed(ctx)

    return plugin


@pytest.mark.parametrize("misdeed", MISDEEDS)
@pytest.mark.parametrize("first", [True, False], ids=["first", "last"])
def test_a_failing_plugin_loses_only_its_own_work(plant: Plant, misdeed: Any, first: bool) -> None:
    plugins = [failing(misdeed), jotting()]
    garden = plant(*(plugins if first else reversed(plugins)))

    garden.hears(says("hello"), cursor="42")
    garden.hears(says("again", 2), cursor="43")

    assert garden.texts(Jot) == ["again", "hello"]
    assert garden.texts() == []
    assert {act.plugin for act in garden.acts} == {"jots"}
    assert garden.count(InboxRow) == garden.count(PostRow) == 2
    assert garden.weaver._cursor("fake") == "43"


def test_what_failed_is_logged_without_a_word_of_anybody(plant: Plant, logged: list[Any]) -> None:
    garden = plant(failing(raises))
    garden.hears(says(SECRET))

    [line] = [line for line in logged if line["event"] == "handler failed"]
    assert line["plugin"] == "notes"
    assert line["handler"] == "note"
    assert line["error"] == "ValueError"
    assert "test_failures.py" in line["path"]
    assert SECRET not in str(logged)


def test_a_slow_plugin_is_named_and_harms_nobody(plant: Plant, logged: list[Any]) -> None:
    garden = plant(failing(lambda _ctx: time.sleep(0.06)), jotting())
    garden.hears(says("hello"))

    [line] = [line for line in logged if line["event"] == "handler is slow"]
    assert (line["plugin"], line["log_level"]) == ("notes", "warning")
    assert garden.texts() == garden.texts(Jot) == ["hello"]


def test_a_very_slow_plugin_is_the_operators_business(
    plant: Plant, logged: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatch, "TOO_SLOW", 0.05)
    garden = plant(failing(lambda _ctx: time.sleep(0.06)))
    garden.hears(says("hello"))

    assert [line["log_level"] for line in logged if line["event"] == "handler is slow"] == ["error"]


def test_the_same_key_twice_is_one_act(plant: Plant) -> None:
    plugin = a_plugin()

    @plugin.on(PostSeen)
    def twice(event: PostSeen, ctx: Context[Any]) -> Iterator[Action]:
        for text_ in ("first", "second"):
            yield SendPost(ctx.key("the same"), event.space, text_, why=WHY)

    garden = plant(plugin)
    garden.hears(says("hello"))
    garden.hears(says("again", 2))
    garden.delivers()

    [act] = garden.acts
    assert (act.text, act.state) == ("first", "done")
    assert len(garden.adapter.sent) == 1


def test_after_ten_failures_in_a_row_it_rests_and_the_hosts_are_told_once(plant: Plant) -> None:
    garden = plant(failing(raises), jotting())
    for number in range(FAILURES + 5):
        garden.hears(says(f"post {number}", number))

    [told] = garden.told
    assert "notes failed ten times in a row" in told
    assert "rests (note)" in told
    assert SECRET not in told
    assert garden.count(Jot) == FAILURES + 5


def test_nine_failures_and_a_success_begin_the_count_again(plant: Plant) -> None:
    bad = set(range(30)) - {9, 19}
    plugin = a_plugin()

    @plugin.on(PostSeen)
    def note(event: PostSeen, ctx: Context[Any]) -> Iterator[Action]:
        ctx.db.add(Note(community="", text=event.post.text))
        yield from ()
        if int(event.post.text) in bad:
            raise ValueError

    garden = plant(plugin)
    for number in range(29):
        garden.hears(says(str(number), number))
    assert garden.told == []

    garden.hears(says("29", 29))
    assert len(garden.told) == 1


def test_it_rests_in_the_community_where_it_fails_and_nowhere_else(plant: Plant) -> None:
    meadow = Community("meadow", "The meadow", spaces=(LOBBY, SHED))
    plugin = a_plugin()

    @plugin.on(PostSeen)
    def note(event: PostSeen, ctx: Context[Any]) -> Iterator[Action]:
        if ctx.community.id == "garden":
            raise ValueError
        ctx.db.add(Note(community=ctx.community.id, text=event.post.text))
        yield from ()

    garden = plant(plugin, communities=[GARDEN, meadow])
    for number in range(FAILURES + 2):
        garden.hears(says("hello", number))

    assert garden.count(Note) == FAILURES + 2
    assert [act.community for act in garden.acts] == ["garden"]


def test_a_restart_wakes_what_rested(plant: Plant) -> None:
    broken = [True]
    garden = plant(failing(lambda ctx: raises(ctx) if broken[0] else None))
    for number in range(FAILURES):
        garden.hears(says("hello", number))
    broken[0] = False
    garden.hears(says("still resting", FAILURES))
    assert garden.texts() == []

    garden.close()
    garden.start()
    garden.hears(says("awake", FAILURES + 1))
    assert garden.texts() == ["awake"]


def commanding(mistake: Exception) -> Plugin[Any]:
    plugin = a_plugin()

    @plugin.command(audience="hosts")
    def plan(call: Call, ctx: Context[Any], what: str) -> Any:
        """Plan something."""
        ctx.db.add(Note(community="", text=what))
        yield SendPost(ctx.key("plan", what), LOBBY, what, why=WHY)
        ctx.db.flush()
        if what == "nothing":
            raise mistake
        return Answer(f"{what} is planned")

    return plugin


def test_a_mistake_in_a_command_is_answered_and_leaves_nothing_behind(plant: Plant) -> None:
    garden = plant(commanding(UserError("name something that can be planned")))

    [answer] = garden.hears(calls("notes plan nothing")).answers
    assert answer.text == "name something that can be planned"
    assert garden.texts() == []
    assert garden.acts == []

    [answer] = garden.hears(calls("notes plan tea", 2)).answers
    assert answer.text == "tea is planned"
    assert garden.texts() == ["tea"]
    assert [act.actor for act in garden.acts] == ["fake:hana"]


def test_people_may_make_mistakes_as_often_as_they_like(plant: Plant) -> None:
    garden = plant(commanding(UserError("no")))
    for number in range(FAILURES + 1):
        garden.hears(calls("notes plan nothing", number))

    assert garden.told == []
    assert garden.hears(calls("notes plan tea", 99)).answers[0].text == "tea is planned"


def test_a_command_that_fails_says_that_it_is_weavers_fault(plant: Plant) -> None:
    garden = plant(commanding(ValueError(SECRET)))

    [answer] = garden.hears(calls("notes plan nothing")).answers
    assert answer.text == SORRY
    assert garden.texts() == []


def test_a_session_of_a_plugin_is_an_ordinary_one(plant: Plant) -> None:
    kinds: list[bool] = []
    garden = plant(failing(lambda ctx: kinds.append(isinstance(ctx.db, Session))))
    garden.hears(says("hello"))

    assert kinds == [True]
