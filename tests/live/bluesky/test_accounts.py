"""Accounts sign in once, stay signed in across restarts, and say plainly what is wrong."""

import time

import pytest
import structlog

from bot.adapters.bluesky.adapter import BlueskyAdapter
from bot.adapters.bluesky.health import Health
from bot.domain.actions import Repost, SendPost
from bot.domain.ports import Delivery, TryLater
from tests.adapters.contract import NOW, WHY, perform
from tests.live.bluesky.grounds import BlueskyGrounds, Crew
from tests.live.bluesky.network import Network
from tests.live.bluesky.proxy import Faults

SIGN_IN = "com.atproto.server.createSession"


def says(grounds: BlueskyGrounds, adapter: BlueskyAdapter, key: str) -> str:
    act = SendPost(key, grounds.lobby, "Hello.", why=WHY)
    return grounds.loop.run(adapter.perform(act, Delivery(key, NOW, 1, "bluesky:weaver")))


def looked_at(
    grounds: BlueskyGrounds, adapter: BlueskyAdapter, *, mend: bool = False, contact: str = ""
) -> Health:
    looks = grounds.loop.run(adapter.examine(mend=mend, contact=contact))
    return next(one for one in looks if one.name == "weaver")


def ends(grounds: BlueskyGrounds, adapter: BlueskyAdapter) -> None:
    grounds.loop.run(adapter.close())


def later(hours: float) -> float:
    return time.time() + hours * 3600


def test_ten_restarts_take_one_sign_in(proxied: BlueskyGrounds, faults: Faults) -> None:
    for life in range(10):
        adapter = proxied.started()
        says(proxied, adapter, f"act {life}")
        ends(proxied, adapter)

    assert faults.count(SIGN_IN) == 1


def test_what_is_remembered_of_an_account_holds_no_password(proxied: BlueskyGrounds) -> None:
    says(proxied, proxied.adapter, "act")

    assert proxied.passwords["weaver"] not in repr(proxied.notebook.pages)
    assert proxied.passwords["weaver"] not in repr(proxied.adapter.accounts)


def test_a_wrong_password_is_tried_once_and_told_with_its_cure(
    proxied: BlueskyGrounds, faults: Faults
) -> None:
    adapter = proxied.started(weaver="not-the-password")

    for number in range(3):
        with pytest.raises(TryLater, match="WEAVER_BLUESKY_PASSWORD_WEAVER"):
            says(proxied, adapter, f"act {number}")

    assert faults.count(SIGN_IN) == 1
    ends(proxied, adapter)


def test_a_missing_password_is_told_without_asking_anybody(
    proxied: BlueskyGrounds, faults: Faults
) -> None:
    adapter = proxied.started(weaver="")

    assert "no app password here" in looked_at(proxied, adapter).wrong[0]
    assert faults.count(SIGN_IN) == 1, "the other account's"
    ends(proxied, adapter)


def test_a_revoked_password_is_noticed_when_the_session_ends_and_a_new_one_mends_it(
    network: Network,
) -> None:
    grounds = BlueskyGrounds(network, Crew(network))
    person = grounds.person("weaver")
    says(grounds, grounds.adapter, "before")
    person.do("com.atproto.server.revokeAppPassword", {"name": "weaver"})
    ends(grounds, grounds.adapter)
    an_hour_later = grounds.started(lambda: later(1))
    grounds.spoil_sessions()

    with pytest.raises(TryLater, match="make a new app password"):
        says(grounds, an_hour_later, "after")
    ends(grounds, an_hour_later)
    mended = grounds.started(lambda: later(2), weaver=person.app_password("another"))

    assert says(grounds, mended, "after")
    ends(grounds, mended)
    grounds.close()


def test_a_session_that_the_server_forgot_is_made_anew(
    proxied: BlueskyGrounds, faults: Faults
) -> None:
    says(proxied, proxied.adapter, "before")
    ends(proxied, proxied.adapter)
    proxied.spoil_sessions()
    adapter = proxied.started(lambda: later(1))

    assert says(proxied, adapter, "after")
    assert faults.count(SIGN_IN) == 2
    ends(proxied, adapter)


def test_a_server_that_is_down_at_the_start_is_waited_for(network: Network, crew: Crew) -> None:
    nowhere = BlueskyGrounds(network, crew, "http://127.0.0.1:9")

    with pytest.raises(TryLater, match="cannot be reached") as told:
        says(nowhere, nowhere.adapter, "act")

    assert told.value.after is not None
    assert "cannot be reached" in looked_at(nowhere, nowhere.adapter).wrong[0]
    nowhere.close()


def test_a_deactivated_account_waits_for_a_person(network: Network) -> None:
    grounds = BlueskyGrounds(network, Crew(network))
    says(grounds, grounds.adapter, "before")
    grounds.person("weaver").do("com.atproto.server.deactivateAccount", {})

    with pytest.raises(TryLater, match="is deactivated; activate it"):
        says(grounds, grounds.adapter, "after")

    grounds.person("weaver").do("com.atproto.server.activateAccount")
    assert says(grounds, grounds.adapter, "after")
    grounds.close()


def test_an_account_that_was_taken_down_waits_for_a_person(network: Network) -> None:
    grounds = BlueskyGrounds(network, Crew(network))
    says(grounds, grounds.adapter, "before")
    network.take_down(grounds.person("weaver").did)

    with pytest.raises(TryLater, match="taken down"):
        says(grounds, grounds.adapter, "after")

    network.take_down(grounds.person("weaver").did, applied=False)
    grounds.close()


def test_a_change_of_handle_is_followed_by_the_did(network: Network) -> None:
    grounds = BlueskyGrounds(network, Crew(network))
    says(grounds, grounds.adapter, "before")
    ends(grounds, grounds.adapter)
    person = grounds.person("weaver")
    renamed = person.handle.replace("weaver", "loom")
    person.do("com.atproto.identity.updateHandle", {"handle": renamed})
    grounds.spoil_sessions()
    adapter = grounds.started(lambda: later(1))

    assert says(grounds, adapter, "after")
    assert looked_at(grounds, adapter).handle == renamed
    ends(grounds, adapter)
    grounds.close()


def test_a_handle_that_leads_nowhere_any_more_is_told_once_and_costs_no_neighbour(
    network: Network,
) -> None:
    grounds = BlueskyGrounds(network, Crew(network))
    person, stale = grounds.person("passing"), grounds.person("passing").handle
    person.do("com.atproto.identity.updateHandle", {"handle": f"fresh-{stale}"})
    post = grounds.says("Pass me on.")
    with structlog.testing.capture_logs() as logs:
        for key in ("a", "b"):
            with pytest.raises(TryLater, match=f"as {stale}: the handle or the app password"):
                perform(grounds, Repost(key, grounds.audience, grounds.lobby, post, why=WHY))
        assert says(grounds, grounds.adapter, "a neighbour's")

    assert [one["account"] for one in logs if one["log_level"] == "error"] == ["passing"]
    grounds.close()


def test_a_look_at_an_account_tells_what_lacks_and_mends_the_label(grounds: BlueskyGrounds) -> None:
    before_it = looked_at(grounds, grounds.adapter)

    mended = looked_at(grounds, grounds.adapter, mend=True)

    assert not before_it.bot
    assert "--fix" in before_it.wrong[0]
    assert (mended.bot, mended.wrong, mended.did) == (True, (), grounds.person("weaver").did)
    assert looked_at(grounds, grounds.adapter).bot
    assert mended.points is not None
    assert 4000 < mended.points < 5000


def test_an_account_says_whom_to_turn_to_once_and_keeps_what_people_wrote(
    network: Network,
) -> None:
    grounds = BlueskyGrounds(network, Crew(network))
    person, who = grounds.person("weaver"), "hana@garden.example"
    at = {"repo": person.did, "collection": "app.bsky.actor.profile", "rkey": "self"}
    profile = {"$type": at["collection"], "displayName": "Tally", "description": "We tend roses."}
    person.do("com.atproto.repo.putRecord", {**at, "record": profile})
    assert who in looked_at(grounds, grounds.adapter, contact=who).wrong[-1]

    for _ in range(2):
        mended = looked_at(grounds, grounds.adapter, mend=True, contact=who)
        assert mended.wrong == ()
        [kept] = person.records(at["collection"])
        told = kept["value"]
        assert told["description"] == f"We tend roses.\n\nA person looks after this bot: {who}"
        assert told["displayName"] == "Tally"

    crowded = {**told, "description": "Rose. " * 42}
    person.do("com.atproto.repo.putRecord", {**at, "record": crowded})
    assert "has no room" in looked_at(grounds, grounds.adapter, mend=True, contact=who).wrong[-1]
    grounds.close()


def test_a_main_password_is_told_apart(network: Network) -> None:
    grounds = BlueskyGrounds(network, Crew(network))
    adapter = grounds.started(weaver=grounds.main_password)

    wrong = looked_at(grounds, adapter).wrong

    assert any("main password" in line for line in wrong)
    ends(grounds, adapter)
    grounds.close()
