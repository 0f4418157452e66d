"""Chats that meet a restart, a nap or weeks of silence; a Monday noon in March is the start."""

from datetime import timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.actions import SendPost
from bot.testing import HOST, Harness
from plugins.chats import plugin
from tests.plugins.chats.conftest import Said
from tests.plugins.chats.march import DAY, WEEK, WEEKLY, begins, march


def test_weaver_may_be_restarted_at_every_step(bot: Harness, said: Said) -> None:
    bot.calls(HOST, WEEKLY)
    for moment in (
        march(3, 18, 29),
        march(3, 18, 31),
        march(3, 19, 30),
        march(3, 19, 41),
        march(3, 20, 29),
        march(4, 12),
    ):
        bot.passes_to(moment)
        bot.restarts()

    assert begins(
        said(),
        [
            "03 18:30 Tuesday 3 March at 7:30 pm",
            "03 19:30 Welcome to the Tuesday chat",
            "03 19:30 Q1 What did you try?",
            "03 19:40 Q2 What came of it?",
            "03 19:50 Q3 What next?",
            "03 20:30 That was the Tuesday chat.",
        ],
    )


def test_a_late_step_never_makes_two_prompts_come_at_once(bot: Harness, said: Said) -> None:
    bot.calls(HOST, WEEKLY)
    bot.passes_to(march(3, 19, 31))
    bot.sleeps(timedelta(minutes=18))
    bot.passes(DAY)

    assert begins(
        said()[2:],
        [
            "03 19:30 Q1 What did you try?",
            "03 19:49 Q2 What came of it?",
            "03 19:59 Q3 What next?",
            "03 20:30 That was",
        ],
    )


def test_a_late_opening_keeps_the_pace(bot: Harness, said: Said) -> None:
    bot.calls(HOST, WEEKLY)
    bot.passes_to(march(3, 19))
    bot.sleeps(timedelta(minutes=44))
    bot.passes(DAY)

    assert [words[3:8] for words in said()[1:]] == ["19:44", "19:44", "19:54", "20:04", "20:30"]


def test_a_missed_step_is_told_and_the_chat_goes_on(bot: Harness, said: Said, told: Said) -> None:
    bot.calls(HOST, WEEKLY)
    bot.passes_to(march(3, 19, 31))
    bot.sleeps(timedelta(minutes=25))
    bot.passes(DAY)

    assert begins(
        said()[2:],
        ["03 19:30 Q1 What did you try?", "03 19:56 Q3 What next?", "03 20:30 That was"],
    )
    [words] = told()
    assert words.startswith("Q2 of the Tuesday chat did not go out in time: Weaver was not running")


def test_after_the_hour_nothing_more_is_asked(bot: Harness, said: Said, told: Said) -> None:
    bot.calls(HOST, WEEKLY)
    bot.passes_to(march(3, 19, 31))
    bot.sleeps(timedelta(hours=3))
    bot.passes(DAY)

    assert begins(said()[2:], ["03 19:30 Q1 What did you try?"])
    assert told()[-1].startswith("Q2, Q3 and wrap-up of the Tuesday chat did not go out in time")


def test_a_missed_opening_keeps_its_prompts_for_the_next_time(
    bot: Harness, said: Said, told: Said
) -> None:
    bot.calls(HOST, WEEKLY)
    bot.passes_to(march(3, 18))
    bot.sleeps(timedelta(hours=3))

    assert said() == []
    assert told()[-1].startswith("The Tuesday chat of Tuesday 3 March at 7:30 pm London time")
    bot.passes(WEEK)
    assert "10 19:30 Q1 What did you try?" in said()


def test_after_weeks_of_silence_the_next_chat_is_the_next_one(
    bot: Harness, said: Said, told: Said
) -> None:
    bot.calls(HOST, WEEKLY)
    bot.sleeps(3 * WEEK)

    assert said() == []
    assert len(told()) == 2
    bot.passes(WEEK)
    assert begins(said()[:1], ["24 18:30 Tuesday 24 March"])


def test_an_announcement_is_of_use_until_the_start(bot: Harness, said: Said) -> None:
    bot.calls(HOST, WEEKLY)
    bot.passes_to(march(3, 18))
    bot.sleeps(timedelta(minutes=70))

    assert begins(said(), ["03 19:10 Tuesday 3 March at 7:30 pm"])


def test_a_missed_wrap_up_is_told_once(bot: Harness, said: Said, told: Said) -> None:
    bot.calls(HOST, WEEKLY)
    bot.passes_to(march(3, 20))
    bot.sleeps(timedelta(hours=1))
    bot.passes(DAY)

    assert said()[-1] == "03 19:50 Q3 What next?"
    assert len(told()) == 1


@settings(max_examples=8, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 40), st.integers(0, 30)), max_size=4))
def test_however_weaver_sleeps_prompts_come_once_in_order_and_apart(
    naps: list[tuple[int, int]],
) -> None:
    bot = Harness(plugin)
    bot.calls(HOST, WEEKLY)
    bot.passes_to(march(3, 18, 20))
    for awake, asleep in naps:
        bot.passes(timedelta(minutes=awake))
        bot.sleeps(timedelta(minutes=asleep))
    bot.passes_to(march(4, 12))

    posted = {a.key for a in bot.sent if isinstance(a, SendPost) and a.space == bot.chat}
    acts = [act for act in bot.ledger if act.key in posted]
    steps = [act.key.rpartition(":")[2] for act in acts]
    prompts = [act for act in acts if act.key.rpartition(":")[2].startswith("Q")]
    order = ["announcement", "hello", "Q1", "Q2", "Q3", "wrap-up"]
    assert steps == sorted(set(steps), key=order.index)
    assert all(
        later.at - earlier.at >= timedelta(minutes=10) for earlier, later in pairwise(prompts)
    )
