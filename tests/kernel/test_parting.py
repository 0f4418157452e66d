"""A block that comes after a repost takes it back, and stops nothing else."""

from bot.domain.actions import Repost
from bot.domain.events import Blocked
from bot.domain.model import Grounds, Member, Space
from bot.kernel.ledger import standing_cards, standing_reposts
from bot.kernel.statements import LEDGER
from bot.testing import ADA, GRACE, NOON
from tests.kernel.conftest import Plant
from tests.kernel.garden import GARDEN, LOBBY, TEA, WALL, WHY, calls, says


def repost(name: str, author: Member, audience: Space = WALL) -> Repost:
    grounds = Grounds(author, "amplify", "asked")
    return Repost(f"notes:garden:{name}", audience, LOBBY, name, why=WHY, grounds=grounds)


def test_who_is_parted_from_an_account_has_taken_back_what_that_account_did(plant: Plant) -> None:
    garden = plant(communities=(GARDEN,))
    garden.adapter.known |= {"1", "2", "3"}
    garden.decides(repost("1", ADA), repost("2", GRACE), repost("3", ADA, TEA))
    garden.delivers()

    for number in (1, 2):
        garden.hears(Blocked(f"blocked-{number}", NOON, WALL, ADA))
        garden.delivers()

    assert set(garden.adapter.made) == {"notes:garden:2", "notes:garden:3"}
    [undo] = [act for act in garden.acts if act.kind == "Undo"]
    assert undo.why == "A block now stands between its author and the account."


def test_only_reposts_that_stand_are_looked_at(plant: Plant) -> None:
    garden = plant()
    garden.adapter.known |= {"1", "2", "3"}
    garden.decides(repost("1", ADA), repost("2", GRACE))
    garden.delivers()
    garden.hears(calls("pause"))  # so that nothing more is done, and nothing taken back
    garden.decides(repost("3", GRACE))
    garden.hears(Blocked("blocked", NOON, WALL, ADA))

    with garden.database.read.connect() as connection:
        assert standing_reposts(connection, "fake", 10) == [("wall", "2"), ("wall", "1")]
        assert standing_reposts(connection, "fake", 1) == [("wall", "2")]
        assert standing_reposts(connection, "fa", 10) == []


def test_links_to_posts_that_stand_elsewhere_are_told_apart_from_reposts(plant: Plant) -> None:
    far = Space("far", "column", "Column", "audience")
    garden = plant()
    garden.hears(says("Mildew?", 1))
    garden.decides(repost("post-1", ADA, far), repost("unknown", ADA, far))
    garden.delivers()
    with garden.database.write.begin() as connection:  # as on a platform that is connected
        connection.execute(LEDGER.update().values(state="done"))

    with garden.database.read.connect() as connection:
        assert standing_cards(connection, "fake", 10) == [("lobby", "post-1")]
        assert standing_reposts(connection, "fake", 10) == []
        assert standing_cards(connection, "far", 10) == []
