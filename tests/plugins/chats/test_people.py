"""Topics, hosts, guests: what members do about chats, and what is kept of it."""

from datetime import timedelta

from bot.domain.actions import DirectMessage, SendPost
from bot.testing import ADA, GRACE, HOST, Harness
from plugins.chats import plugin
from tests.plugins.chats.conftest import Said
from tests.plugins.chats.march import march

WEEKLY = 'chats schedule "Tuesdays 7:30 pm" "Roses" What did you try? / What came of it?'
WEEK = timedelta(days=7)


def letters(bot: Harness) -> list[tuple[str, str]]:
    """To whom Weaver wrote in private, and how that begins."""
    return [(a.member.id, a.text) for a in bot.sent if isinstance(a, DirectMessage)]


def test_a_topic_is_proposed_backed_approved_and_talked_about(bot: Harness, said: Said) -> None:
    bot.calls(HOST, WEEKLY)
    assert bot.calls(ADA, "chats propose Left hands").startswith(
        "Thank you. “Left hands” is topic 1"
    )
    [told] = bot.told
    assert told == (
        "A member proposes topic 1: “Left hands”. To take it up, write prompts for it: "
        "chats approve 1 First question / Second question"
    )
    assert bot.calls(GRACE, "chats back 1") == "You back “Left hands”, and so does one other."
    assert bot.calls(ADA, "chats topics").splitlines() == [
        "Next: “Roses”.",
        "1. “Left hands”, proposed, backed by 2.",
    ]
    assert bot.calls(HOST, "chats approve 1 Which? / Why?") == (
        "“Left hands” has two questions. It is number 1 in line."
    )
    bot.passes_to(march(11, 12))

    assert "Next chat: “Left hands”, Tuesday 10 March" in next(w for w in said() if "That was" in w)
    assert "10 19:30 Q1 Which?" in said()


def test_the_bank_warns_when_it_runs_low(bot: Harness) -> None:
    bot.calls(HOST, WEEKLY)
    bot.calls(ADA, "chats propose Left hands")
    bot.calls(HOST, "chats approve 1 Which?")
    bot.passes_to(march(3, 20))

    [warned] = [words for words in bot.told if "runs low" in words]
    assert warned == (
        "The topic bank runs low: one topic left for the Tuesday chat. “Left hands” is for Tuesday "
        "10 March at 7:30 pm London time (7:30 pm UTC). Members can propose one with: chats propose"
    )


def test_nothing_repeats(bot: Harness) -> None:
    bot.calls(HOST, WEEKLY)
    bot.calls(ADA, "chats propose Left hands")

    assert bot.calls(GRACE, "chats propose left HANDS") == (
        "that is topic 1 already; chats back 1 backs it"
    )
    assert bot.calls(GRACE, "chats propose Roses").startswith("there was, or will be, a chat about")


def test_hosts_order_and_decline(bot: Harness) -> None:
    for topic in ("Left hands", "Right hands", "No hands"):
        bot.calls(ADA, f"chats propose {topic}")
    for number in (1, 2):
        bot.calls(HOST, f"chats approve {number} Which?")

    assert bot.calls(HOST, "chats order 2 1") == "“Right hands” is number 1 in line."
    assert bot.calls(HOST, "chats decline 3").startswith("Topic 3, “No hands”, is left.")
    assert bot.calls(ADA, "chats topics").splitlines() == [
        "2. “Right hands”, one question.",
        "1. “Left hands”, one question.",
    ]
    assert bot.calls(ADA, "chats back 3") == "topic 3, “No hands”, is declined"


def test_an_approved_topic_goes_to_a_chat_that_has_nothing(bot: Harness, said: Said) -> None:
    bot.calls(HOST, WEEKLY)
    bot.passes_to(march(4, 12))
    bot.calls(ADA, "chats propose Left hands")

    assert bot.calls(HOST, "chats approve 1 Which?") == "“Left hands” has one question. It is next."
    bot.passes_to(march(10, 19, 31))
    assert said()[-1] == "10 19:30 Q1 Which?"


def test_somebody_leads_steps_down_and_another_steps_in(bot: Harness, said: Said) -> None:
    bot.calls(HOST, WEEKLY)
    assert bot.calls(ADA, "chats host 1").startswith("You lead the Tuesday chat on Tuesday 3 March")
    assert bot.calls(GRACE, "chats host 1 2026-03-03").startswith("Ada leads that one")
    assert bot.calls(ADA, "chats stepdown 1 2026-03-03").startswith("Noted.")
    [wanted] = [
        a for a in bot.sent if isinstance(a, SendPost) and a.text.startswith("Nobody leads")
    ]
    assert [button.command for button in wanted.buttons] == ["chats host 1 2026-03-03"]
    assert bot.calls(GRACE, "chats host 1 2026-03-03").startswith("You lead")
    bot.passes_to(march(4, 12))

    assert said()[0].endswith("Grace leads.")
    assert "Chat 1 was led last by Grace." in bot.calls(ADA, "chats rota")


def test_two_who_lead_swap_when_both_say_so(bot: Harness) -> None:
    bot.calls(HOST, WEEKLY)
    bot.calls(ADA, "chats host 1")
    bot.calls(GRACE, "chats host 1")

    assert bot.calls(ADA, "chats swap 1 2026-03-03 2026-03-10") == (
        "Offered. Grace accepts with: chats swap 1 2026-03-10 2026-03-03"
    )
    assert bot.calls(GRACE, "chats swap 1 2026-03-10 2026-03-03").startswith("Swapped: you lead on")
    rota = bot.calls(ADA, "chats rota").splitlines()
    assert rota[0].endswith(": Grace")
    assert rota[1].endswith(": Ada")


def test_whoever_leads_is_reminded_a_week_and_a_day_before(bot: Harness) -> None:
    bot.calls(HOST, WEEKLY)
    bot.calls(ADA, "chats host 1 2026-03-17")
    bot.passes_to(march(18, 12))

    sent = {act.key.split(":")[5]: act.at for act in bot.ledger if act.kind == "DirectMessage"}
    assert sent == {"week": march(10, 19, 30), "day": march(16, 19, 30)}
    assert {who for who, _ in letters(bot)} == {"ada"}


def test_the_series_outlives_whoever_leads_it(bot: Harness, said: Said) -> None:
    bot.calls(HOST, WEEKLY)
    bot.calls(ADA, "chats host 1")
    bot.forgets(ADA)
    bot.passes_to(march(4, 12))

    assert "Tuesday 3 March" in bot.calls(GRACE, "chats rota") or said()
    assert "leads" not in said()[0]
    assert said()[-1].startswith("03 20:30 That was")


def test_who_is_coming_is_counted_once_each_and_never_named(bot: Harness) -> None:
    bot.calls(HOST, WEEKLY)
    assert "Expected: 1 person so far" in bot.calls(ADA, "chats coming")
    assert "Expected: 1 person so far" in bot.calls(ADA, "chats coming")
    assert "Expected: 2 people so far" in bot.calls(GRACE, "chats coming")
    assert "Expected: 1 person so far" in bot.calls(GRACE, "chats coming 1 no")
    assert "1 person expected" in bot.calls(HOST, "chats list")

    bot.passes_to(march(6, 12))
    assert bot.tells(ADA)["coming"] == []


def test_who_asked_is_reminded_and_may_sit_one_out(bot: Harness) -> None:
    bot.calls(HOST, WEEKLY)
    bot.calls(ADA, "chats remind")
    bot.calls(GRACE, "chats remind")
    bot.calls(GRACE, "chats remind 1 pass")
    bot.passes_to(march(4, 12))
    assert [who for who, _ in letters(bot)] == ["ada"]
    assert letters(bot)[0][1].startswith("The Tuesday chat is on Tuesday 3 March at 7:30 pm")

    bot.calls(ADA, "stop")
    bot.passes(WEEK)
    assert [who for who, _ in letters(bot)] == ["ada", "grace"]


def test_all_that_is_kept_of_a_member_is_told_and_forgotten() -> None:
    bot = Harness(plugin)
    bot.calls(HOST, WEEKLY)
    for words in ("propose Left hands", "host 1", "coming", "remind"):
        bot.calls(ADA, f"chats {words}")
    assert bot.tells(ADA) == {
        "answers": [],
        "drafts": [],
        "topics": {"proposed": ["Left hands"], "backed": ["Left hands"]},
        "leads": ["chat 1 of 2026-03-03T19:30:00"],
        "coming": ["chat 1: remind", "chat 1: coming 2026-03-03T19:30:00"],
    }
    bot.forgets(ADA)

    assert bot.tells(ADA) == {
        "answers": [],
        "drafts": [],
        "topics": {"proposed": [], "backed": []},
        "leads": [],
        "coming": [],
    }
