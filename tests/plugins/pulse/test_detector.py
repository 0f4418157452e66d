"""The weekly check by itself: what raises the alarm, what ends it, and what it leaves alone."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from plugins.pulse.detector import HORIZON, Finding, Standing, check, course
from plugins.pulse.weeks import MOST_ALIKE, Week, normal_of

START = date(2024, 1, 1)
Counts = tuple[int, int]


def weeks(*counts: Counts, quiet: tuple[int, ...] = ()) -> list[Week]:
    """Weeks of (originals, replies), oldest first; ``quiet`` gives the places of marked ones."""
    return [
        Week(START + timedelta(weeks=place), *count, quiet=place in quiet)
        for place, count in enumerate(counts)
    ]


def alarms(history: list[Week]) -> list[int]:
    """The places of the weeks that end in alarm."""
    return [place for place, after in enumerate(course(history)) if after.alarm]


def raised(history: list[Week]) -> list[Finding]:
    standing, found = Standing(), []
    for number in range(1, len(history) + 1):
        standing, finding = check(standing, history[:number])
        if finding and finding.raised:
            found.append(finding)
    return found


NORMAL, BROADCAST, MILD = (20, 30), (48, 2), (31, 19)
histories = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 60), st.booleans()), min_size=1, max_size=60
).map(
    lambda rows: [
        Week(START + timedelta(weeks=place), originals, replies, quiet=quiet)
        for place, (originals, replies, quiet) in enumerate(rows)
    ]
)


def test_a_conversation_is_left_in_peace() -> None:
    assert alarms(weeks(*[NORMAL] * 80)) == []


def test_what_broadcasts_from_the_start_is_named_at_the_second_check_that_can_tell() -> None:
    history = weeks(*[(29, 1)] * 8)

    assert alarms(history) == [3, 4, 5, 6, 7]
    [finding] = raised(history)
    assert (finding.reason, finding.normal) == ("floor", None)


def test_a_fall_is_held_against_the_own_normal() -> None:
    history = weeks(*[NORMAL] * 30, *[BROADCAST] * 8)

    [finding] = raised(history)
    assert (finding.reason, finding.normal) == ("fall", 0.6)
    assert finding.recent.weeks == 4
    assert 30 < alarms(history)[0] < 36


def test_a_small_loss_that_stays_is_a_slide_over_twelve_weeks() -> None:
    history = weeks(*[(22, 28)] * 40, *[(33, 17)] * 20)

    [finding] = raised(history)
    assert (finding.reason, finding.recent.weeks) == ("slide", 12)
    assert alarms(history)[0] > 46


def test_a_space_that_always_varies_is_given_more_room() -> None:
    wild = weeks(*[(5, 45), (38, 12)] * 13)
    steady = weeks(*[(22, 28)] * 26)

    there, here = normal_of(wild[::-1], 100, frozenset()), normal_of(steady, 100, frozenset())
    assert there
    assert here
    assert there.alike == MOST_ALIKE
    assert here.alike == 0.03


def test_alarm_weeks_do_not_become_what_is_normal() -> None:
    assert len(alarms(weeks(*[NORMAL] * 30, *[BROADCAST] * 50))) > 45


def test_the_alarm_ends_after_three_checks_of_recovery() -> None:
    history = weeks(*[NORMAL] * 30, *[BROADCAST] * 8, *[NORMAL] * 10)

    last = alarms(history)[-1]
    assert 38 + 3 <= last <= 38 + 6


def test_a_quiet_week_is_neither_checked_nor_counted() -> None:
    lull = weeks(*[NORMAL] * 30, *[BROADCAST] * 4, *[NORMAL] * 6, quiet=(30, 31, 32, 33))

    assert alarms(lull) == []
    before = list(course(lull))
    assert before[29] == before[33]


def test_a_long_event_that_nobody_marked_is_left_out() -> None:
    history = weeks(*[NORMAL] * 30, *[(240, 20)] * 4, *[NORMAL] * 10)

    assert alarms(history) == []
    assert len(list(course(history))[-1].events) == 4


def test_what_lasts_longer_than_six_weeks_is_growth_and_counts() -> None:
    history = weeks(*[NORMAL] * 30, *[(240, 20)] * 12)

    assert alarms(history)
    assert list(course(history))[-1].events == frozenset()


def test_too_few_posts_keep_an_alarm_as_it_is() -> None:
    history = weeks(*[NORMAL] * 30, *[BROADCAST] * 8, *[(0, 0)] * 20)

    assert alarms(history)[-1] == len(history) - 1


def test_under_24_posts_in_twelve_weeks_or_in_two_weeks_nobody_can_tell() -> None:
    assert alarms(weeks(*[(1, 0)] * 40)) == []
    assert alarms(weeks(*[(0, 0)] * 10, (30, 0), (30, 0), *[(0, 0)] * 9)) == []


def test_somewhat_fewer_replies_are_amber_before_anything_else() -> None:
    standings = list(course(weeks(*[NORMAL] * 40, *[MILD] * 5)))

    assert standings[-1].amber
    assert standings[-1].alarm is None
    assert not standings[39].amber


@given(histories)
def test_a_long_past_changes_nothing(history: list[Week]) -> None:
    longer = [
        Week(START - timedelta(weeks=place), 0, 0) for place in range(HORIZON, 0, -1)
    ] + history

    assert list(course(history)) == list(course(longer))[HORIZON:]


@given(histories)
def test_checking_on_from_a_standing_is_checking_in_one_go(history: list[Week]) -> None:
    middle = len(history) // 2
    standing = Standing()
    for number in range(1, middle + 1):
        standing, _ = check(standing, history[:number])
    rest = []
    for number in range(middle + 1, len(history) + 1):
        standing, _ = check(standing, history[:number])
        rest.append(standing)

    assert list(course(history))[middle:] == rest


@given(histories)
def test_an_alarm_needs_bad_checks_and_lies_within_its_limits(history: list[Week]) -> None:
    for finding in raised(history):
        recent = finding.recent
        assert 0 <= recent.low <= recent.share <= recent.high <= 1
        assert recent.n >= 24
        if finding.reason == "floor":
            assert recent.high < 0.15
        else:
            assert finding.normal is not None
            assert recent.high < 0.8 * finding.normal


def test_where_people_post_little_a_fall_has_to_be_deeper() -> None:
    """Five replies of 24 are under 65 % of normal and 45 %, even with luck, but not under 35 %."""

    def reason(replies: int) -> str | None:
        lately = [(2, 0)] * (12 - replies) + [(1, 1)] * replies
        _, finding = check(Standing(), weeks(*[(1, 2)] * 40, *lately))
        assert finding is not None
        assert (finding.recent.k, finding.recent.n) == (replies, 24)
        return finding.reason

    assert (reason(4), reason(5)) == ("fall", None)
