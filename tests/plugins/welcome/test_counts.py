"""Who waits, and the chance of an answer, against a count made another way over the same log."""

from datetime import timedelta

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.domain.model import Member, Post
from bot.kernel.dispatch import Turn
from bot.kernel.writer import Transaction
from bot.testing import Harness
from plugins.welcome import plugin
from plugins.welcome.logic import DAY, Chance, chance
from plugins.welcome.waiting import newcomers

HOUR = timedelta(hours=1)
PEOPLE = [Member("fake", name) for name in ("ada", "eve", "grace")]
ROBOT = Member("fake", "robot", is_bot=True)
POST = st.tuples(st.sampled_from([*PEOPLE, ROBOT]), st.one_of(st.none(), st.integers(0, 20)))
TALK = st.lists(st.tuples(POST, st.integers(0, 40)), min_size=1, max_size=14)


@example(talk=[((PEOPLE[0], None), 0), ((PEOPLE[0], None), 24)], deleted=set())
@example(talk=[((PEOPLE[0], None), 0), ((PEOPLE[0], 0), 24)], deleted=set())
@given(talk=TALK, deleted=st.sets(st.integers(0, 13), max_size=3))
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
def test_figures_are_those_of_a_plain_count(
    talk: list[tuple[tuple[Member, int | None], int]], deleted: set[int]
) -> None:
    bot = Harness(plugin)
    for person in PEOPLE:
        bot.joins(person)
    said: list[Post] = []
    for (author, to), hours in talk:
        above = said[to % len(said)].id if to is not None and said else None
        said.append(bot.posts(author, "…", reply_to=above))
        bot.passes(hours * HOUR)
    for place in sorted(deleted & set(range(len(said)))):
        bot.deletes(said[place])
    stand = [post for place, post in enumerate(said) if place not in deleted]

    people = [post for post in stand if not post.author.is_bot]
    listed = bot.calls(PEOPLE[0], "welcome waiting")
    assert [post.id for post in stand if f"/{post.id} " in listed] == _waiting(people, bot)
    for within in (DAY, 3 * DAY):
        found, (answered, judged) = _figures(bot, within), _plainly(people, bot, within)
        assert (found.k, found.n) == (answered, judged) if found else judged == 0


def _waiting(people: list[Post], bot: Harness) -> list[str]:
    """The ids of what nobody has answered, of the two weeks in which it is asked for."""
    lately = bot.now - timedelta(days=14)
    begun = [post for post in people if post.kind != "reply" and post.at >= lately]
    return [post.id for post in begun if not _answers(post, people)]


def _plainly(people: list[Post], bot: Harness, within: timedelta) -> tuple[int, int]:
    """How many first posts were answered in time, of how many whose time is over."""
    answered, judged = 0, 0
    for person in PEOPLE:
        mine = [post for post in people if post.author == person]
        begun = [post for post in mine if post.at == mine[0].at and post.kind != "reply"]
        if not begun or begun[0].at > bot.now - within:
            continue
        first = min(begun, key=lambda post: post.id)
        judged += 1
        answered += any(answer.at - first.at <= within for answer in _answers(first, people))
    return answered, judged


def _answers(post: Post, people: list[Post]) -> list[Post]:
    return [one for one in people if one.reply_to == post.id and one.author != post.author]


def _figures(bot: Harness, within: timedelta) -> Chance | None:
    """The chance within a time, as the plugin reads it."""
    looked = bot.weaver.registry.communities["garden"]

    def read(transaction: Transaction) -> Chance | None:
        turn = Turn(transaction, looked, "count", bot.now)
        ctx = bot.weaver.ring.context(turn, looked.plugins[0])
        return chance(newcomers(ctx, bot.now - timedelta(days=90)), within, bot.now)

    return bot._run(bot.weaver.writer.write(read))
