"""Amplify in a community: passed on once, with consent, and back again."""

import sqlite3
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.api import PostSeen, Repost, Space
from bot.testing import ADA, GRACE, HOST, Harness
from plugins.amplify import plugin

ROUTES = [
    {"tag": "TallyMathMS", "audience": "GardenRoses", "asks": "tag", "aliases": ["TallyMathsMS"]},
    {"tag": "TallyMathHS", "audience": "GardenRoses", "asks": "yes"},
]


@pytest.fixture
def bot() -> Harness:
    return Harness(plugin, routes=ROUTES, hourly=0, author_daily=0)


def reposts(bot: Harness) -> list[Repost]:
    return [action for action in bot.sent if isinstance(action, Repost)]


def test_a_post_with_the_declared_tag_is_passed_on(bot: Harness) -> None:
    post = bot.posts(ADA, "How do you get the rest of the room talking? #TallyMathMS")

    [repost] = reposts(bot)
    assert repost.post_id == post.id
    assert repost.audience == bot.column
    assert repost.why.startswith("It carries #TallyMathMS, and here using that tag")


def test_two_tags_to_one_audience_pass_a_post_on_once(bot: Harness) -> None:
    bot.calls(ADA, "amplify yes")
    bot.posts(ADA, "Anybody? #TallyMathHS #TallyMathMS #TallyMathsMS")

    assert len(reposts(bot)) == 1


def test_a_post_without_a_routed_tag_leaves_no_trace(bot: Harness) -> None:
    bot.posts(ADA, "Lunch? #lunch")

    assert bot.sent == []
    assert bot.left_alone == []


def test_a_reply_is_left_in_its_conversation_and_the_reason_is_told(bot: Harness) -> None:
    post = bot.posts(ADA, "Hello")
    bot.posts(GRACE, "Hello to #TallyMathMS", reply_to=post.id)

    assert reposts(bot) == []
    [left] = bot.left_alone
    assert "It is a reply" in left.why


def test_a_tag_that_needs_a_yes_passes_on_only_after_it(bot: Harness) -> None:
    bot.posts(ADA, "Before #TallyMathHS")
    bot.calls(ADA, "amplify yes")
    after = bot.posts(ADA, "After #TallyMathHS")

    assert [repost.post_id for repost in reposts(bot)] == [after.id]
    [left] = bot.left_alone
    assert "amplify yes" in left.why


def test_a_no_wins_over_a_tag_that_asks(bot: Harness) -> None:
    bot.calls(ADA, "amplify no")
    bot.posts(ADA, "Counting collections #TallyMathMS")
    bot.posts(GRACE, "Number talks #TallyMathMS")

    assert len(reposts(bot)) == 1
    [left] = bot.left_alone
    assert left.why.startswith("Being passed on is its author's choice")


def test_a_no_takes_back_everything_of_that_member_and_nobody_elses(bot: Harness) -> None:
    for text in ("One #TallyMathMS", "Two #TallyMathMS"):
        bot.posts(ADA, text)
    kept = bot.posts(GRACE, "Mine #TallyMathMS")

    answer = bot.calls(ADA, "amplify no")

    assert "The 2 that were passed on" in answer
    assert passed_on(bot) == [kept.id]


def test_a_deleted_post_takes_its_amplification_along(bot: Harness) -> None:
    post = bot.posts(ADA, "Oops #TallyMathMS")
    bot.deletes(post)

    assert passed_on(bot) == []


def test_an_edit_that_drops_the_tag_takes_it_back_for_good(bot: Harness) -> None:
    post = bot.posts(ADA, "Oops #TallyMathMS")
    bot.edits(post, "Oops")
    assert passed_on(bot) == []

    bot.edits(post, "Oops #TallyMathMS")

    assert passed_on(bot) == []
    assert bot.left_alone == []


def test_an_edit_that_keeps_a_tag_changes_nothing(bot: Harness) -> None:
    post = bot.posts(ADA, "Typo #TallyMathMS")
    bot.edits(post, "No typo #tallymathsMS")

    assert passed_on(bot) == [post.id]


def test_a_no_said_before_delivery_stops_it(bot: Harness) -> None:
    bot.calls(HOST, "pause")
    bot.posts(ADA, "Oops #TallyMathMS")
    bot.calls(ADA, "amplify no")
    bot.restarts()
    bot.calls(HOST, "resume")

    assert bot.sent == []


def test_a_yes_taken_back_before_delivery_stops_it(bot: Harness) -> None:
    bot.calls(ADA, "amplify yes")
    bot.calls(HOST, "pause")
    bot.posts(ADA, "Oops #TallyMathHS")
    bot.calls(ADA, "amplify no")
    bot.calls(ADA, "amplify yes")
    bot.calls(HOST, "resume")

    assert bot.sent == []


def test_a_post_deleted_before_delivery_is_never_passed_on(bot: Harness) -> None:
    bot.calls(HOST, "pause")
    post = bot.posts(ADA, "Oops #TallyMathMS")
    bot.deletes(post)
    bot.calls(HOST, "resume")

    assert bot.sent == []


def test_what_waits_over_a_restart_is_passed_on_once(bot: Harness) -> None:
    bot.calls(HOST, "pause")
    bot.posts(ADA, "Later #TallyMathMS")
    bot.restarts()
    bot.calls(HOST, "resume")
    bot.restarts()

    assert len(reposts(bot)) == 1


def test_two_audiences_get_a_post_once_each_and_lose_it_one_by_one() -> None:
    bulbs = Space("fake", "GardenBulbs", "#GardenBulbs", "audience")
    more = [*ROUTES, {"tag": "Bulbs", "audience": "GardenBulbs", "asks": "tag"}]
    bot = Harness(plugin, spaces=[bulbs], routes=more, hourly=0)
    post = bot.posts(ADA, "Both? #TallyMathMS #Bulbs")
    assert {repost.audience for repost in reposts(bot)} == {bot.column, bulbs}

    bot.edits(post, "Only #Bulbs")

    [kept] = [action for action in bot.standing if isinstance(action, Repost)]
    assert kept.audience == bulbs


def test_a_post_seen_again_in_another_space_is_passed_on_once(bot: Harness) -> None:
    post = bot.posts(ADA, "Seen twice #TallyMathMS")
    again = replace(post, space=bot.chat)
    bot.dispatches(PostSeen("again", bot.now, bot.chat, again))
    assert len(reposts(bot)) == 1
    assert not bot.weaver.registry.failures, "it is known, and nothing is tried in vain"

    bot.deletes(post)
    bot.dispatches(PostSeen("once more", bot.now, bot.chat, again))

    assert passed_on(bot) == []
    assert bot.tells(ADA)["posts"] == []


def test_what_was_taken_back_is_not_decided_anew_where_no_row_tells_of_it(bot: Harness) -> None:
    """As in another community with the same audience, or when the row has gone since."""
    post = bot.posts(ADA, "Said and unsaid #TallyMathMS")
    bot.calls(ADA, f"amplify undo {post.id}")
    with sqlite3.connect(bot.folder / "weaver.db") as rows:
        rows.execute("DELETE FROM amplify_post")

    bot.dispatches(PostSeen("again", bot.now, bot.chat, replace(post, space=bot.chat)))

    assert passed_on(bot) == []
    assert bot.tells(ADA)["posts"] == []


def test_nothing_is_passed_on_twice_after_a_restart(bot: Harness) -> None:
    post = bot.posts(ADA, "Once #TallyMathMS")
    bot.restarts()
    bot.edits(post, "Once more #TallyMathMS")
    assert len(reposts(bot)) == 1

    bot.restarts()
    bot.deletes(post)

    assert passed_on(bot) == []


def test_a_route_of_a_host_leads_on_and_says_what_it_means(bot: Harness) -> None:
    answer = bot.calls(HOST, "amplify add #Grade7 GardenRoses tag")
    post = bot.posts(ADA, "Ratios? #grade7")

    assert "People need to know that before they use it." in answer
    assert [repost.post_id for repost in reposts(bot)] == [post.id]
    assert "#Grade7" in bot.calls(ADA, "amplify list")


def test_a_route_that_needs_a_yes_says_so_to_the_host(bot: Harness) -> None:
    answer = bot.calls(HOST, "amplify add Grade7 GardenRoses asks:yes")

    assert "amplify yes" in answer
    bot.posts(ADA, "Ratios? #Grade7")
    assert reposts(bot) == []


def test_a_removed_route_leads_nowhere(bot: Harness) -> None:
    bot.calls(HOST, "amplify add Grade7 GardenRoses tag")
    bot.calls(HOST, "amplify remove #GRADE7")
    bot.posts(ADA, "Ratios? #Grade7")

    assert bot.sent == []


def test_what_the_operator_set_is_not_changed_by_command(bot: Harness) -> None:
    for command in ("amplify remove TallyMathsMS", "amplify add #tallymathms GardenRoses yes"):
        assert "set by the operator" in bot.calls(HOST, command)


def test_mistakes_are_answered_with_their_cure(bot: Harness) -> None:
    assert "no hashtag" in bot.calls(HOST, 'amplify add "two words" GardenRoses tag')
    assert "choose #GardenRoses" in bot.calls(HOST, "amplify add Grade7 Lobby tag")
    assert "amplify list" in bot.calls(HOST, "amplify remove Grade7")


def test_status_tells_what_was_said_and_what_follows(bot: Harness) -> None:
    assert "You have not said yes or no" in bot.calls(ADA, "amplify status")
    bot.calls(ADA, "amplify yes")
    assert "You said yes" in bot.calls(ADA, "amplify status")
    bot.calls(ADA, "amplify no")
    assert "You said no" in bot.calls(ADA, "amplify status")


def test_a_post_from_days_ago_stays_where_it_is(bot: Harness) -> None:
    bot.posts(ADA, "Found again #TallyMathMS", at=bot.now - timedelta(days=2))

    assert reposts(bot) == []
    assert len(bot.left_alone) == 1


def test_what_hosts_say_among_themselves_stays_there(bot: Harness) -> None:
    bot.posts(HOST, "Shall we close #TallyMathMS?", space=bot.hosts)

    assert bot.sent == []
    assert bot.left_alone == []


def test_a_route_that_leads_nowhere_is_told_to_the_hosts_once() -> None:
    lost = [{"tag": "TallyMathMS", "audience": "nowhere", "asks": "tag"}]
    bot = Harness(plugin, routes=lost)
    bot.posts(ADA, "Anybody? #TallyMathMS")
    bot.restarts()

    [told] = bot.told
    assert '"nowhere"' in told
    assert reposts(bot) == []


def test_a_member_can_see_and_erase_what_is_kept(bot: Harness) -> None:
    post = bot.posts(ADA, "Once #TallyMathMS")

    [kept] = bot.tells(ADA)["posts"]
    assert kept["post"].endswith(post.id)
    assert kept["state"] == "passed"
    assert bot.tells(ADA)["tag_used"][0]["tag"] == "tallymathms"

    bot.forgets(ADA)
    assert bot.tells(ADA) == {"posts": [], "hosts_said": [], "tag_used": [], "role": []}
    bot.dispatches(PostSeen("again", bot.now, bot.chat, replace(post, space=bot.chat)))
    assert len(reposts(bot)) == 1


def passed_on(bot: Harness) -> list[str]:
    """The posts that the audience can see now."""
    return [action.post_id for action in bot.standing if isinstance(action, Repost)]
