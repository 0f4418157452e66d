"""The ledger holds each act once, tells it to people, and forgets words in time."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.domain.actions import (
    Action,
    DirectMessage,
    LeaveAlone,
    NotifyHosts,
    Ref,
    Reply,
    Repost,
    SendPost,
    Undo,
    Urgency,
)
from bot.domain.model import Community, Grounds
from bot.kernel import ledger
from bot.kernel.decided import Decided
from bot.kernel.statements import LEDGER
from bot.storage.tables import InboxRow
from bot.testing import ADA
from tests.kernel.conftest import Plant
from tests.kernel.garden import GARDEN, LOBBY, SHED, TEA, WALL, WHY, says, sends
from tests.kernel.orchard import ORCHARD

ONE = "notes:garden:1"
GROUNDS = Grounds(ADA, "amplify", "agreed")
ACTIONS = [
    SendPost("k", LOBBY, "words \u201cquoted\u201d\n\U0001f339", why=WHY),
    Reply("k", LOBBY, "post", "words", why=WHY, urgency=Urgency.PERSON_WAITS),
    Reply("k", LOBBY, Ref("other"), "words", why=WHY),
    Repost("k", WALL, LOBBY, "post", why=WHY, grounds=GROUNDS),
    DirectMessage("k", LOBBY, ADA, "words", why=WHY),
    NotifyHosts("k", "words", why=WHY),
    LeaveAlone("k", LOBBY, "post", why=WHY),
    Undo("k", of="other", why=WHY),
]


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: type(action).__name__)
def test_every_action_comes_back_from_its_row_as_it_went_in(action: Action) -> None:
    kind = type(action).__name__
    body = ledger.adapter_of(kind).dump_json(action).decode()

    assert ledger.action_from(kind, body) == action


def test_every_kind_of_action_has_a_place_in_the_ledger() -> None:
    assert set(ledger.KINDS) == {kind.__name__ for kind in Action.__subclasses__()}


def test_the_same_key_is_one_row_and_the_first_words_stay(plant: Plant) -> None:
    garden = plant(deliver=False)
    garden.decides(sends("1"))
    garden.decides(SendPost(ONE, TEA, "other words", why=WHY))

    [act] = garden.acts
    assert (act.text, act.state) == ("1", "todo")


def test_a_conversation_is_a_lane(plant: Plant) -> None:
    garden = plant(deliver=False)
    garden.decides(
        SendPost("a", LOBBY, "", why=WHY),
        DirectMessage("b", LOBBY, ADA, "", why=WHY),
        Reply("c", LOBBY, "post", "", why=WHY),
        Reply("d", TEA, Ref("a"), "", why=WHY),
        Repost("e", WALL, LOBBY, "post", why=WHY),
        Undo("f", of="c", why=WHY),
    )

    with garden.database.read.connect() as connection:
        rows = connection.execute(select(LEDGER.c.key, LEDGER.c.lane, LEDGER.c.account)).all()
    lanes = {row.key: row.lane for row in rows}
    accounts = {row.key: row.account for row in rows}
    assert lanes["a"] == lanes["b"] == lanes["d"], "a reply goes behind what it answers"
    assert lanes["c"] == lanes["f"], "what takes back goes behind what it takes back"
    assert len(set(lanes.values())) == 3
    assert accounts["e"] == WALL.key
    assert {accounts[key] for key in "abcdf"} == {"fake:weaver"}


def test_hosts_are_told_in_their_space(plant: Plant) -> None:
    garden = plant()
    garden.decides(NotifyHosts(ONE, "look here", why=WHY))
    garden.delivers()

    [sent] = garden.adapter.sent
    assert isinstance(sent, SendPost)
    assert (sent.space, sent.text) == (SHED, "look here")


def test_without_a_space_for_hosts_the_ledger_keeps_the_word(plant: Plant) -> None:
    garden = plant(communities=[Community("garden", "The garden", spaces=(LOBBY,))])
    garden.decides(NotifyHosts(ONE, "look here", why=WHY))
    garden.delivers()

    assert garden.act(ONE).state == "dead"
    assert garden.act(ONE).error == "the community has no space for its hosts"
    assert garden.act(ONE).text == "look here"
    assert garden.adapter.calls == []


def test_the_latest_acts_come_first_and_each_community_sees_its_own(plant: Plant) -> None:
    meadow = Community("meadow", "The meadow", spaces=(TEA,))
    garden = plant(communities=[GARDEN, meadow])
    garden.decides(sends("1"), sends("2"))
    garden.decides(sends("3", TEA), community="meadow")

    with garden.database.read.connect() as connection:
        assert [act.text for act in ledger.acts(connection, "garden", 10)] == ["2", "1"]
        assert [act.text for act in ledger.acts(connection, "meadow", 10)] == ["3"]
        assert [act.text for act in ledger.acts(connection, None, 2)] == ["3", "2"]
        assert [act.text for act in ledger.acts(connection, None, 9, state="dead")] == []


def test_an_act_is_known_by_what_it_made_to_the_plugin_that_decided_it(plant: Plant) -> None:
    garden = plant(communities=(GARDEN, ORCHARD))
    garden.decides(sends("1"))
    garden.delivers()
    _, receipt = garden.adapter.made["notes:garden:1"]

    with garden.database.read.connect() as connection:
        assert Decided(connection, "garden", "notes").made(receipt)
        assert not Decided(connection, "garden", "notes").made(f"{receipt}0")
        assert not Decided(connection, "garden", "jots").made(receipt)
        assert not Decided(connection, "orchard", "notes").made(receipt)


def test_words_are_forgotten_seven_days_after_the_act_was_settled(plant: Plant) -> None:
    garden = plant(backoff=lambda _: 1e6)
    garden.adapter.moods["notes:garden:open"] = [ConnectionError("gone")]
    garden.decides(sends("old"), sends("open", TEA))
    garden.delivers()
    garden.real.move(garden.real.now() + timedelta(days=6))
    garden.decides(sends("new"))
    garden.delivers()
    garden.run(garden.weaver.scheduler.keep_house())
    assert garden.act("notes:garden:old").text == "old"

    garden.real.move(garden.real.now() + timedelta(days=1, seconds=1))
    garden.run(garden.weaver.scheduler.keep_house())
    texts = {act.key.rpartition(":")[2]: act.text for act in garden.acts}
    assert texts == {"old": None, "open": "open", "new": "new"}


def test_an_act_whose_words_are_forgotten_can_still_be_taken_back(plant: Plant) -> None:
    garden = plant()
    garden.decides(sends("1"))
    garden.delivers()
    garden.real.move(garden.real.now() + timedelta(days=8))
    garden.run(garden.weaver.scheduler.keep_house())
    assert garden.run(garden.weaver.undo(ONE, "A person wants it."))
    garden.delivers()

    assert garden.act(ONE).state == "undone"
    assert garden.adapter.made == {}


def test_an_act_whose_words_are_forgotten_is_not_retried(plant: Plant) -> None:
    garden = plant()
    garden.weaver.delivery._adapters = {}
    garden.decides(sends("1"))
    garden.delivers()
    garden.real.move(garden.real.now() + timedelta(days=8))
    garden.run(garden.weaver.scheduler.keep_house())

    assert not garden.run(garden.weaver.retry(ONE))


def test_events_long_heard_are_forgotten_and_what_they_led_to_is_not(plant: Plant) -> None:
    garden = plant()
    garden.hears(says("old", 1))
    garden.clock.move(garden.clock.now() + timedelta(days=6))
    garden.hears(says("new", 2))
    garden.clock.move(garden.clock.now() + timedelta(days=1, seconds=1))
    garden.run(garden.weaver.scheduler.keep_house())

    assert garden.count(InboxRow) == 1
    assert garden.hears(says("new", 2)).repeated
