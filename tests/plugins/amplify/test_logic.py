"""What is passed on and why: the rules, without a bot around them."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.api import Space
from plugins.amplify.logic import (
    HOLDS,
    Candidate,
    Decision,
    Reason,
    Route,
    Rules,
    best,
    decide,
    is_foreign,
    matching,
)
from plugins.amplify.words import REASONS, why

MIDDLE = Space("sandbox", "middle", "Middle school", "audience")
HIGH = Space("sandbox", "high", "High school", "audience")
BY_TAG = Route("TallyMathMS", MIDDLE, "tag", ("TallyMathsMS",))
BY_YES = Route("TallyMathHS", HIGH, "yes")
BY_FOLLOWING = Route("TallyMathElem", HIGH, "follows")
RULES = Rules()
PLAIN = Candidate()
DAY = timedelta(days=1)


def decided(candidate: Candidate, route: Route = BY_TAG, rules: Rules = RULES) -> Decision:
    return decide(candidate, route, route.tag, rules)


def test_using_the_declared_tag_is_asking() -> None:
    decision = decided(PLAIN)

    assert (decision.outcome, decision.basis) == ("amplify", "asked")
    assert why(decision) == (
        "It carries #TallyMathMS, and here using that tag is how people ask to be passed on. "
        "Once per audience, however many tags."
    )


@pytest.mark.parametrize(
    ("route", "changes", "basis"),
    [
        (BY_YES, {}, None),
        (BY_YES, {"word": True}, "agreed"),
        (BY_YES, {"names_us": True}, "asked"),
        (BY_YES, {"asked_for": True}, "asked"),
        (BY_FOLLOWING, {}, "follows"),
        (BY_FOLLOWING, {"names_us": True}, "asked"),
        (BY_FOLLOWING, {"word": True}, "agreed"),
        (BY_TAG, {"word": False}, None),
        (BY_YES, {"word": False, "asked_for": True}, None),
        (BY_FOLLOWING, {"word": False, "names_us": True}, None),
    ],
)
def test_a_yes_lies_where_the_hosts_said_and_a_no_wins(
    route: Route, changes: dict[str, Any], basis: str | None
) -> None:
    decision = decided(replace(PLAIN, **changes), route)

    assert decision.basis == basis
    assert decision.outcome == ("amplify" if basis else "decline")
    assert decision.reasons == (() if basis else ("consent",))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"standing": "blocked"}, "blocked"),
        ({"is_public": False}, "public"),
        ({"is_unwanted": True}, "unwanted"),
        ({"kind": "reply"}, "reply"),
        ({"age": timedelta(days=1, seconds=1)}, "old"),
        ({"is_foreign": True}, "language"),
        ({"tags": 6}, "spray"),
        ({"repeats": "own"}, "repeat"),
    ],
)
def test_what_is_declined_says_why(changes: dict[str, Any], reason: Reason) -> None:
    decision = decided(replace(PLAIN, **changes))

    assert (decision.outcome, decision.reasons) == ("decline", (reason,))
    assert why(decision) == REASONS[reason]


def test_what_a_host_turned_on_for_a_tag_is_no_reason_against() -> None:
    answer, far = replace(PLAIN, kind="reply"), replace(PLAIN, platform="elsewhere")

    assert decided(answer, replace(BY_TAG, replies=True)).outcome == "amplify"
    assert decided(far).reasons == ("elsewhere",)
    assert decided(far, replace(BY_TAG, across=True)).outcome == "amplify"


@pytest.mark.parametrize(
    ("changes", "route", "reason"),
    [
        ({"is_labelled": True}, BY_TAG, "label"),
        ({"repeats": "others"}, BY_TAG, "copy"),
        ({"is_link_only": True, "has_link": True}, BY_TAG, "link_only"),
        ({"is_new": True, "is_young": False, "has_link": True}, BY_TAG, "new_account"),
        ({"is_young": True, "is_member": False, "has_link": True}, BY_TAG, "young_account"),
        ({"is_member": False}, replace(BY_TAG, members_only=True), "not_member"),
        ({"is_member": False}, replace(BY_TAG, paused="alarm"), "hijack"),
    ],
)
def test_what_a_host_has_to_look_at_is_held_unless_its_author_is_trusted(
    changes: dict[str, Any], route: Route, reason: Reason
) -> None:
    decision = decided(replace(PLAIN, **changes), route)
    assert (decision.outcome, decision.reasons) == ("hold", (reason,))
    assert "host looks" in why(decision)

    trusted = decided(replace(PLAIN, standing="trusted", **changes), route)
    assert (trusted.outcome, trusted.reasons) == ("amplify", ())


def test_a_post_at_the_very_edge_goes() -> None:
    assert decided(replace(PLAIN, age=DAY, tags=5, kind="quote")).outcome == "amplify"


def test_newcomers_are_whom_it_is_for_and_hosts_choose_what_of_theirs_waits() -> None:
    new = replace(PLAIN, is_new=True, is_member=False)
    linking = replace(new, has_link=True)

    assert decided(new).outcome == "amplify"
    assert decided(linking, rules=Rules(new_accounts="pass")).outcome == "amplify"
    assert decided(new, rules=Rules(new_accounts="all")).reasons == ("new_account", "age_untold")


def test_a_young_account_is_no_reason_against_people_known_here() -> None:
    young = replace(PLAIN, is_young=True, has_link=True)

    assert decided(young).outcome == "amplify"
    assert decided(replace(young, is_member=False)).reasons == ("young_account",)
    told = decided(replace(young, is_member=False, is_new=True)).reasons
    assert told == ("young_account", "new_account")


def test_every_reason_against_is_told_in_order() -> None:
    bad = replace(PLAIN, word=False, standing="blocked", kind="reply", tags=9, is_labelled=True)

    decision = decided(bad)

    assert decision.reasons == ("consent", "blocked", "reply", "spray")
    assert all(REASONS[reason] in why(decision) for reason in decision.reasons)


def test_a_no_reads_like_a_missing_yes() -> None:
    assert why(decided(PLAIN, BY_YES)) == why(decided(replace(PLAIN, word=False), BY_YES))


def test_every_reason_has_its_words() -> None:
    assert set(REASONS) == set(get_args(Reason))
    assert set(HOLDS) < set(REASONS)


def test_of_several_tags_to_one_audience_the_kindest_decision_holds() -> None:
    also = Route("TallyGeometry", HIGH, "tag")
    found = matching(("TallyMathHS", "TallyGeometry"), (BY_YES, also))[HIGH]
    decisions = [decide(PLAIN, route, tag, RULES) for tag, route in found]

    assert best(decisions).route == also
    rests = replace(also, paused="host")
    agreed = replace(PLAIN, word=True)
    assert best(decide(agreed, one, "", RULES) for one in (rests, BY_YES)).route == BY_YES


def test_case_width_and_aliases_do_not_matter_and_the_written_form_is_kept() -> None:
    for tag in ("tallymathms", "TALLYMATHMS", "\uff34allyMathMS", "tallymathsms"):
        [(shown, route)] = matching((tag,), (BY_TAG, BY_YES))[MIDDLE]
        assert (shown, route) == (tag, BY_TAG)


@pytest.mark.parametrize(
    ("said", "wanted", "foreign"),
    [
        ((), ["en"], False),
        (("de",), [], False),
        (("en-GB",), ["EN"], False),
        (("de", "en"), ["en", "cy"], False),
        (("de", "pt-BR"), ["en"], True),
    ],
)
def test_a_language_is_foreign_only_when_it_is_said_and_others_are_wanted(
    said: tuple[str, ...], wanted: list[str], foreign: bool
) -> None:
    assert is_foreign(said, wanted) is foreign


def test_a_name_that_has_given_way_leads_nowhere() -> None:
    moved = replace(BY_TAG, aliases=("TallyMiddle",), ended=frozenset({"tallymathms"}))

    assert matching(("TallyMathMS",), (moved,)) == {}
    assert MIDDLE in matching(("tallymiddle",), (moved,))


candidates = st.builds(
    Candidate,
    age=st.timedeltas(timedelta(0), timedelta(days=3)),
    kind=st.sampled_from(["original", "quote", "reply"]),
    tags=st.integers(1, 9),
    word=st.sampled_from([None, True, False]),
    names_us=st.booleans(),
    asked_for=st.booleans(),
    is_public=st.booleans(),
    is_foreign=st.booleans(),
    is_labelled=st.booleans(),
    is_link_only=st.booleans(),
    has_link=st.booleans(),
    is_new=st.booleans(),
    is_member=st.booleans(),
    repeats=st.sampled_from(["", "own", "others"]),
    standing=st.sampled_from(["", "trusted", "blocked"]),
)
routes = st.builds(
    Route,
    st.just("Roses"),
    st.just(MIDDLE),
    st.sampled_from(["tag", "follows", "yes"]),
    paused=st.sampled_from(["", "host", "alarm"]),
    members_only=st.booleans(),
)


@given(candidates, routes)
def test_nothing_is_ever_passed_on_or_held_without_a_yes(one: Candidate, route: Route) -> None:
    decision = decided(one, route)

    if decision.outcome == "decline":
        assert decision.reasons
        return
    assert decision.basis is not None
    assert one.word is not False
    assert one.is_public
    assert one.kind != "reply"
    assert one.standing != "blocked"
    assert (decision.outcome == "hold") == bool(decision.reasons)
    if decision.basis == "asked":
        assert route.asks == "tag" or one.names_us or one.asked_for
