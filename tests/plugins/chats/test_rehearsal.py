"""A rehearsal plays a session to the hosts as it will be, and nothing of it counts."""

from datetime import UTC, datetime, timedelta

from bot.domain.actions import SendPost
from bot.testing import ADA, HOST, Harness
from plugins.chats import plugin

PLAN = 'chats schedule "Tuesdays 7 pm" Roses warmup:5 Which? (15 min) / Why?'


def played(bot: Harness) -> list[tuple[float, str]]:
    """What was played in the hosts' space: seconds since its beginning, and the words."""
    decided = {act.key: act.at for act in bot.ledger}
    posts = [act for act in bot.sent if isinstance(act, SendPost) and act.space == bot.hosts]
    shown = [act for act in posts if act.text.startswith("Rehearsal, ")]
    return [((decided[act.key] - decided[shown[0].key]).total_seconds(), act.text) for act in shown]


def test_every_post_is_played_in_its_turn_as_the_session_then_says_it() -> None:
    bot = Harness(plugin)
    bot.calls(HOST, PLAN)
    answer = bot.asks(HOST, "chats rehearse 1 play")
    assert answer.text == (
        "The rehearsal begins in Potting shed: 5 posts in about 50 seconds, each with its time. "
        "Nobody but hosts sees it, and nothing of it counts."
    )
    assert [button.command for button in answer.buttons] == ["chats rehearse 1 stop"]
    bot.passes(timedelta(minutes=2))
    seen = played(bot)

    assert [at for at, _ in seen] == [0, 15, 20, 35, 50]
    assert seen[-1][1].endswith("That was the rehearsal.")
    assert not [a for a in bot.sent if isinstance(a, SendPost) and a.space == bot.chat]
    bot.passes_to(datetime(2026, 3, 3, 21, tzinfo=UTC))
    said = [a.text for a in bot.sent if isinstance(a, SendPost) and a.space == bot.chat]
    clocks = ("6 pm", "7 pm", "7:05 pm", "7:20 pm", "8 pm")
    wanted = [f"Rehearsal, {clock}:\n\n{text}" for clock, text in zip(clocks, said, strict=True)]
    wanted[-1] += "\n\nThat was the rehearsal."
    assert [text for _, text in seen] == wanted


def test_it_can_be_stopped_and_is_not_played_twice_at_once() -> None:
    bot = Harness(plugin)
    bot.calls(HOST, PLAN)
    bot.calls(HOST, "chats rehearse 1 play")
    assert "it is being played already" in bot.calls(HOST, "chats rehearse 1 play")
    assert bot.calls(HOST, "chats rehearse 1 stop") == "The rehearsal is over."
    bot.passes(timedelta(minutes=2))

    assert len(played(bot)) == 1
    assert bot.calls(HOST, "chats rehearse 1 stop") == "No rehearsal is being played."


def test_one_that_is_interrupted_ends_there() -> None:
    bot = Harness(plugin)
    bot.calls(HOST, PLAN)
    bot.calls(HOST, "chats rehearse 1 play")
    bot.sleeps(timedelta(minutes=10))
    bot.passes(timedelta(minutes=2))

    assert len(played(bot)) == 1
    assert bot.told[1:] == [
        "The rehearsal was broken off, as Weaver was not running, and is not taken up again."
    ]
    assert bot.calls(HOST, "chats rehearse 1 play").startswith("The rehearsal begins")


def test_members_cannot_have_it_played() -> None:
    bot = Harness(plugin)
    bot.calls(HOST, PLAN)

    assert "for its hosts and for whoever leads it" in bot.calls(ADA, "chats rehearse 1 play")
