"""The yarn: thick where people talked."""

import re
from xml.etree import ElementTree as ET

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.charts.yarn import HEIGHT, Yarn, yarn


def test_nothing_is_no_yarn() -> None:
    assert yarn([]) == ""


def test_where_nobody_talked_it_is_a_bare_thread() -> None:
    heights = {float(y) for y in re.findall(r"[\d.]+ ([\d.]+)", Yarn([0, 0, 0]).talk)}
    assert heights == {4.55, 5.45}


@settings(deadline=None)
@given(st.lists(st.integers(0, 9999), min_size=1, max_size=80))
def test_it_is_thickest_where_people_talked_most_and_stays_inside(counts: list[int]) -> None:
    points = re.findall(r"(\d[\d.e+]*) (\d[\d.]*)", Yarn(counts).talk)
    assert all(0 <= float(y) <= HEIGHT for _, y in points)
    assert max(float(x) for x, _ in points) == len(counts)
    if max(counts):
        assert min(float(y) for _, y in points) == 0.3


def test_alone_it_has_words_and_beside_words_it_is_hidden() -> None:
    assert ET.fromstring(yarn([1, 2], "a & b")).get("aria-label") == "a & b"
    assert ET.fromstring(yarn([1, 2])).get("aria-hidden") == "true"


def test_what_came_late_follows_in_gold_on_the_same_scale() -> None:
    drawn = Yarn([4, 0], late=[2, 0])
    late = ET.fromstring(yarn([4, 0], late=[2, 0])).findall("*")

    assert [path.get("class") for path in late] == ["talk", "late"]
    assert drawn.after.startswith("M2 4.55")
    assert [drawn.width, min(heights(drawn.talk)), min(heights(drawn.after))] == [4, 0.3, 2.42]


def test_several_yarns_of_one_picture_share_their_thickest() -> None:
    assert min(heights(Yarn([2], most=4).talk)) == 2.42
    assert min(heights(Yarn([9], most=4).talk)) == 0.3


def test_a_yarn_may_be_late_alone() -> None:
    assert 'class="talk"' not in yarn([], late=[1])
    assert 'class="late"' in yarn([], late=[1])


def heights(path: str) -> list[float]:
    """Every height of a path."""
    return [float(y) for y in re.findall(r"[\d.]+ ([\d.]+)", path)]
