"""The small line beside the stream: where its points lie, and what it leaves out."""

from hypothesis import given
from hypothesis import strategies as st

from bot.api import Talk
from plugins.pulse.chart import Chart, Dot, chart

NONE = Talk(0, 0, 0, 0, 0)


def week(originals: int, replies: int) -> Talk:
    return Talk(originals, replies, 0, 0, people=1)


def drawn(closed: list[Talk], this_week: Talk = NONE) -> Chart:
    found = chart(closed, this_week)
    assert found is not None
    return found


def test_where_nobody_posted_there_is_nothing_to_draw() -> None:
    assert chart([NONE] * 26, NONE) is None


def test_the_first_week_is_one_point_at_the_right() -> None:
    only = drawn([NONE] * 26, week(8, 6))

    assert only.now is not None
    assert str(only.now) == "232.0,35.7"
    assert (only.lines, only.alone, only.few, only.weeks) == ((), (), (), 1)
    assert only.normal is None
    assert only.band is None


def test_the_line_begins_with_the_first_post_and_ends_with_this_week() -> None:
    [line] = drawn([NONE] * 20 + [week(5, 5)] * 6, week(5, 5)).lines

    assert len(line) == 7
    assert (line[0], line[-1]) == (Dot(8.0, 32.0), Dot(232.0, 32.0))


def test_a_week_without_posts_breaks_the_line() -> None:
    talk = week(10, 10)
    found = drawn([NONE] * 14 + [talk, talk, NONE, talk, NONE, *[talk] * 7])

    assert [len(line) for line in found.lines] == [2, 7]
    assert len(found.alone) == 1
    assert found.now is None


def test_a_week_of_few_posts_is_an_open_dot() -> None:
    found = drawn([week(10, 10)] * 11 + [week(5, 4)])

    assert len(found.few) == 1


def test_the_own_normal_needs_forty_posts_in_eight_weeks() -> None:
    assert drawn([week(50, 50)] * 7).normal is None
    assert drawn([week(2, 2)] * 9).normal is None
    assert drawn([week(3, 2)] * 8).normal == Dot(8.0, 58 - 52 * 0.4)


def test_the_band_holds_eight_in_ten_weeks() -> None:
    found = drawn([week(10, 10)] * 12 + [week(20, 0), week(0, 20)])

    assert found.band == (Dot(8.0, 32.0), Dot(232.0, 32.0))


@given(st.lists(st.builds(week, st.integers(0, 50), st.integers(0, 50)), max_size=30))
def test_every_point_lies_inside_the_picture(closed: list[Talk]) -> None:
    found = chart(closed, week(1, 1))

    assert found is not None
    dots = [dot for line in found.lines for dot in line]
    for dot in (*dots, *found.few, *found.alone):
        assert 8 <= dot.x <= 232
        assert 6 <= dot.y <= 58
