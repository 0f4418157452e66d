"""The chart of a space: what goes with an alarm, and what stands on the page."""

from datetime import date, timedelta

from bot.api import Talk
from bot.testing import HOST, Harness
from plugins.pulse import plugin
from plugins.pulse.chart import page_chart, page_yarn, picture
from plugins.pulse.weeks import Week
from tests.plugins.pulse.talking import talks

FIRST = date(2026, 1, 5)
WEEK = timedelta(weeks=1)


def closed(count: int, originals: int, replies: int) -> list[Week]:
    return [Week(FIRST + place * WEEK, originals, replies) for place in range(count)]


def test_an_alarms_picture_says_what_the_words_say() -> None:
    found = picture(closed(30, 16, 4), "Lobby", 0.591, {FIRST + 2 * WEEK})

    assert found is not None
    assert found.alt.startswith(
        "Share of posts that were replies in Lobby, week by week from 5 Jan"
    )
    assert "Your normal is 59 %." in found.alt
    assert "Event in the week of 19 January." in found.alt
    assert found.svg.startswith("<svg xmlns=")


def test_where_nobody_posted_there_is_no_picture() -> None:
    assert picture(closed(30, 0, 0), "Lobby") is None


def test_the_page_shows_weeks_that_hosts_marked_and_events() -> None:
    talk = Talk(5, 5, 2, 3, people=4)
    weeks = [(FIRST + place * WEEK, talk) for place in range(3)]
    quiet = {FIRST + WEEK}.__contains__
    chart = page_chart(weeks, (FIRST + 3 * WEEK, talk), quiet, {FIRST + 2 * WEEK})

    assert chart is not None
    assert [week.quiet for week in chart.weeks] == [False, True, False, False]
    assert [week.event for week in chart.weeks] == [False, False, True, False]
    assert [week.posts for week in chart.weeks] == [10, 10, 10, 10]
    assert [week.so_far for week in chart.weeks] == [False, False, False, True]


def test_a_closure_of_the_settings_and_one_by_command_are_quiet_on_the_page() -> None:
    bot = Harness(plugin, closures=["2026-03-02"])
    for _ in range(4):
        talks(bot, 8, 6)
        bot.passes(WEEK)
    talks(bot, 8, 6)
    bot.calls(HOST, "pulse close 2026-03-16")

    assert "In order: quiet, 43 %, quiet, 43 %, 43 %." in bot.panel()


def test_a_yarn_of_few_posts_is_withheld() -> None:
    nothing, some = Talk(0, 0, 5, 5, people=0), Talk(4, 5, 0, 0, people=4)

    assert page_yarn([nothing, some]) == ""
    assert 'viewBox="0 0 3 10"' in page_yarn([some, nothing, some])


def test_the_page_has_a_yarn_of_four_weeks_today_among_them() -> None:
    bot = Harness(plugin)
    talks(bot, 8, 6)
    assert 'viewBox="0 0 28 10"' in bot.panel()

    bot.passes(timedelta(days=28))
    assert 'viewBox="0 0 28 10"' not in bot.panel()
