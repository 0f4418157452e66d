"""What did not go out in time is marked, told, and done once if the hosts say so."""

from dataclasses import dataclass, field
from datetime import timedelta

from bot.domain.actions import Action, SendPost, Undo
from bot.domain.ports import Delivery, Rejected
from bot.testing import HOST, FakeAdapter, Harness
from plugins.chats import plugin
from tests.plugins.chats.conftest import Said
from tests.plugins.chats.march import march

WEEKLY = 'chats schedule "Tuesdays 7:30 pm" "Roses" What did you try? / What came of it? / Next?'


@dataclass
class Shut(FakeAdapter):
    """A platform on which some posts are refused for now."""

    refused: set[str] = field(default_factory=set)
    """How words begin that it refuses."""

    async def perform(self, action: Action, delivery: Delivery) -> str:
        if isinstance(action, SendPost) and action.space == Harness.chat:
            refused = any(action.text.startswith(words) for words in self.refused)
        else:
            refused = False
        if refused:
            raise Rejected("Weaver may not post there any more")
        return await super().perform(action, delivery)


def buttons(bot: Harness, words: str) -> list[str]:
    """What the buttons under a notice say."""
    notice = next(a for a in bot.sent if isinstance(a, SendPost) and words in a.text)
    return [button.command for button in notice.buttons]


def test_a_missed_question_can_be_asked_after_all(bot: Harness, said: Said) -> None:
    bot.calls(HOST, WEEKLY)
    bot.passes_to(march(3, 19, 31))
    bot.sleeps(timedelta(minutes=25))

    assert buttons(bot, "Q2 of the Tuesday chat did not go out") == [
        "chats run 1 Q2",
        "chats leave 1 Q2",
    ]
    assert bot.calls(HOST, "chats run 1 Q2").startswith("Q2 goes out now.")
    assert bot.calls(HOST, "chats run 1 Q2") == "nothing of chat 1 was missed in the last day"
    bot.passes_to(march(4, 12))
    assert [words[3:11] for words in said()[2:-1]] == [
        *("19:30 Q1", "19:56 Q3", "19:56 Q2"),
    ]


def test_a_missed_question_can_be_left(bot: Harness, said: Said) -> None:
    bot.calls(HOST, WEEKLY)
    bot.passes_to(march(3, 19, 31))
    bot.sleeps(timedelta(minutes=25))
    before = said()

    assert bot.calls(HOST, "chats leave 1 Q2") == "Q2 is left as it is: marked as missed."
    assert said() == before


def test_a_chat_that_did_not_open_can_be_held_later(bot: Harness, said: Said) -> None:
    bot.calls(HOST, WEEKLY)
    bot.passes_to(march(3, 19))
    bot.sleeps(timedelta(hours=1))

    assert buttons(bot, "did not open: Weaver was not running, and came back 30 minutes late") == [
        "chats run 1 chat",
        "chats leave 1 chat",
    ]
    assert bot.calls(HOST, "chats run 1 chat") == "The chat is open. Q2 follows at 8:10 pm."
    bot.passes_to(march(4, 12))
    assert [words[3:11] for words in said()[1:]] == [
        *("20:00 We", "20:00 Q1", "20:10 Q2", "20:20 Q3", "21:00 Th"),
    ]
    bot.passes_to(march(10, 19, 31))
    assert said()[-1].startswith("10 19:30 Welcome")


def test_a_pause_never_lets_questions_out_in_a_heap(bot: Harness, said: Said) -> None:
    bot.calls(HOST, WEEKLY)
    bot.passes_to(march(3, 19, 31))
    bot.calls(HOST, "pause")
    bot.passes_to(march(3, 20, 20))
    bot.calls(HOST, "resume")

    assert [words[3:11] for words in said()[2:]] == ["19:30 Q1"]
    assert any(
        words.startswith("Q2 of the Tuesday chat did not go out: by the time") for words in bot.told
    )
    assert bot.calls(HOST, "chats run 1 Q3").startswith("Q3 goes out now.")
    assert [words[3:11] for words in said()[2:]] == ["19:30 Q1", "20:20 Q3"]


def test_a_lost_permission_is_told_once_and_the_chat_goes_on(bot: Harness) -> None:
    platform = Shut(refused={"Q1", "Q2"})
    bot = Harness(plugin, adapter=platform)
    bot.calls(HOST, WEEKLY)
    bot.passes_to(march(3, 19, 55))

    told = [words for words in bot.told if "did not go out" in words]
    assert len(told) == 1
    assert told[0] == (
        "Q1 of the Tuesday chat did not go out: Weaver may not post there any more. It is marked "
        "as missed. Do it now, or leave it? The chat goes on where it can; you will not hear of "
        "the same trouble twice."
    )
    assert any(getattr(act, "text", "").startswith("Q3") for act in bot.sent)

    platform.refused.clear()
    bot.calls(HOST, "chats run 1 Q1")
    texts = [a.text for a in bot.standing if isinstance(a, SendPost) and a.space == bot.chat]
    assert texts[-1] == "Q1 What did you try?"
    assert not [act for act in bot.sent if isinstance(act, Undo)]


def test_an_act_whose_time_is_over_is_given_up(bot: Harness) -> None:
    bot.calls(HOST, WEEKLY)
    bot.calls(HOST, "pause")
    bot.passes_to(march(3, 19))
    bot.passes_to(march(3, 19, 31))
    bot.calls(HOST, "resume")

    announcement = next(act for act in bot.ledger if act.key.endswith(":announcement"))
    assert (announcement.state, announcement.error) == (
        "cancelled",
        "by the time it could be done it was too late",
    )
