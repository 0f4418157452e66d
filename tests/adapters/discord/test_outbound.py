"""Acts on a server, each as people see it there, each once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.actions import (
    Action,
    Button,
    DirectMessage,
    GiveRole,
    OpenThread,
    Picture,
    React,
    Ref,
    Reply,
    Repost,
    ScheduleEvent,
    SendPost,
    TakeRole,
)
from bot.domain.model import Member, Space
from bot.domain.ports import Gone, Rejected
from tests.adapters.contract import WHY, perform, undo
from tests.adapters.discord.grounds import DiscordGrounds

SOON = datetime.now(UTC).replace(microsecond=0) + timedelta(days=7)


def after_restart(grounds: DiscordGrounds, action: Action, **more: Any) -> str:
    """Perform an act once more by an adapter that has just been started."""
    grounds.closes()
    grounds.adapter = grounds.anew()
    return perform(grounds, action, attempt=2, **more)


def test_long_words_become_several_messages_that_are_taken_back_together(
    grounds: DiscordGrounds,
) -> None:
    words = "\n\n".join(f"Paragraph {number}. {'Roses. ' * 60}" for number in range(9))
    act = SendPost("long", grounds.lobby, words, why=WHY)

    receipt = perform(grounds, act)

    shown = grounds.seen()
    assert len(shown) > 1
    assert all(len(one) <= 2000 for one in shown)
    assert " ".join(shown).split() == words.split()
    assert after_restart(grounds, act) == receipt
    assert grounds.seen() == shown

    undo(grounds, act, receipt)
    assert grounds.seen() == []


def test_nobody_is_pinged_and_no_preview_is_shown(grounds: DiscordGrounds) -> None:
    words = f"@everyone <@{grounds.ada.id}> see https://roses.example"
    perform(grounds, SendPost("loud", grounds.lobby, words, why=WHY))
    perform(grounds, Reply("reply", grounds.lobby, grounds.says("Roses?"), words, why=WHY))

    assert len(grounds.here.by_bot) == 2
    for message in grounds.here.by_bot:
        assert not message.pinged
        assert message.data["flags"] & 4


def test_buttons_carry_their_commands(grounds: DiscordGrounds) -> None:
    buttons = (Button("Again", "chats list"), Button("Again", "chats list"), Button("No", "x" * 90))
    perform(grounds, SendPost("key", grounds.lobby, "Choose.", buttons, why=WHY))

    [row] = grounds.here.by_bot[0].data["components"]
    assert [one["custom_id"] for one in row["components"]] == ["say:chats list", "say:" + "x" * 90]


def test_more_buttons_than_fit_are_said_in_words(grounds: DiscordGrounds) -> None:
    buttons = tuple(Button(f"Rose {number}", f"chats start {number}") for number in range(27))
    perform(grounds, SendPost("key", grounds.lobby, "Choose.", buttons, why=WHY))

    [message] = grounds.here.by_bot
    assert len(message.data["components"]) == 5
    assert "Rose 26: say “@Weaver chats start 26”" in message.content


def test_a_picture_is_a_file_with_words(grounds: DiscordGrounds) -> None:
    folder = grounds.folder / "pictures"
    folder.mkdir()
    (folder / "rose.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 32)
    picture = Picture("A rose, in bloom.", file="rose.png")
    act = SendPost("key", grounds.lobby, "Look.", (), (picture,), why=WHY)

    receipt = perform(grounds, act)

    [message] = grounds.here.by_bot
    [file] = message.data["attachments"]
    assert (file["filename"], file["description"]) == ("rose.png", "A rose, in bloom.")
    assert after_restart(grounds, act) == receipt


def test_a_thread_from_a_post_is_there_once_and_can_be_spoken_in(grounds: DiscordGrounds) -> None:
    post = perform(grounds, SendPost("first", grounds.lobby, "Q1?", why=WHY))
    act = OpenThread("thread", grounds.lobby, "Answers\nto Q1", of=Ref("first"), why=WHY)

    receipt = perform(grounds, act, target=post)
    assert after_restart(grounds, act, target=post) == receipt == post
    answer = Reply("in", grounds.lobby, Ref("thread"), "Start with A1.", why=WHY)
    say_in(grounds, answer, receipt)

    [thread] = grounds.here.threads
    assert thread.name == "Answers to Q1"
    assert [one.content for one in thread.by_bot] == ["Start with A1."]


def say_in(grounds: DiscordGrounds, action: Reply, receipt: str) -> str:
    """Perform a reply to a thread as delivery does: with the kind of what it builds on."""
    from bot.domain.ports import Delivery
    from tests.adapters.contract import NOW, account_of

    envelope = Delivery(
        action.key,
        NOW,
        1,
        account_of(action),
        target=receipt,
        target_key="thread",
        target_kind="OpenThread",
        target_at=NOW,
    )
    return grounds.loop.run(grounds.adapter.perform(action, envelope))


def test_an_empty_thread_goes_and_one_where_people_spoke_is_closed(grounds: DiscordGrounds) -> None:
    posts = [
        perform(grounds, SendPost(key, grounds.lobby, f"{key}?", why=WHY)) for key in ("a", "b")
    ]
    acts = [OpenThread(f"of {p}", grounds.lobby, p, of=p, why=WHY) for p in posts]
    for act in acts:
        perform(grounds, act)
    quiet, lively = grounds.here.threads
    grounds.ada.says(lively, "Here I am.")

    for act, post in zip(acts, posts, strict=True):
        undo(grounds, act, post)

    [left] = grounds.here.threads
    assert left.id == lively.id
    assert left.data["thread_metadata"]["locked"]
    assert quiet.id != left.id
    assert len(grounds.here.by_bot) == 2


def test_a_forum_that_wants_a_tag_is_told_of_in_words(grounds: DiscordGrounds) -> None:
    forum = grounds.garden.forum("strict", ["Roses"], require_tag=True)
    space = Space("discord", str(forum.id), "strict")
    act = OpenThread("key", space, "Week 1", text="Which?", tags=("weeds",), why=WHY)

    with pytest.raises(Rejected, match="wants a tag on every post"):
        perform(grounds, act)
    assert forum.threads == []


def test_a_post_in_a_forum_has_its_tags_and_is_there_once(
    grounds: DiscordGrounds, hurried: None
) -> None:
    forum = grounds.garden.forum("questions", ["Year 9", "Weeds"])
    space = Space("discord", str(forum.id), "questions")
    act = OpenThread("key", space, "Aphids", text="What helps?", tags=("Year9", "x"), why=WHY)
    grounds.discord.faults.add("502 after commit", "/threads$")

    receipt = perform(grounds, act)

    [thread] = forum.threads
    assert receipt == f"{thread.id}/{thread.id}"
    assert len(thread.data["applied_tags"]) == 1
    assert [one.content for one in thread.by_bot] == ["What helps?"]
    assert after_restart(grounds, act) == receipt
    assert len(forum.threads) == 1

    undo(grounds, act, receipt)
    assert forum.threads == []


def test_a_meeting_is_in_the_calendar_once_whatever_is_lost(
    grounds: DiscordGrounds, hurried: None
) -> None:
    act = ScheduleEvent(
        "key", grounds.lobby, "Roses", SOON, SOON + timedelta(hours=1), "Bring one.", why=WHY
    )
    grounds.discord.faults.add("502 after commit", "/scheduled-events$")

    receipt = perform(grounds, act)

    [event] = grounds.garden.events
    assert event["name"] == "Roses"
    assert event["description"].startswith("Bring one.")
    assert event["entity_metadata"]["location"] == f"<#{grounds.lobby.id}>"
    assert after_restart(grounds, act) == receipt
    assert len(grounds.garden.events) == 1

    undo(grounds, act, None)
    assert [one for one in grounds.garden.events if one["status"] == 1] == []


def test_reactions_and_roles_are_given_and_taken(grounds: DiscordGrounds) -> None:
    role = grounds.garden.role("Gardeners")
    ada = Member("discord", str(grounds.ada.id))
    post = grounds.says("Roses.")
    react = React("react", grounds.lobby, post, "👍", why=WHY)
    give = GiveRole("give", grounds.lobby, ada, "gardeners", why=WHY)
    take = TakeRole("take", grounds.lobby, ada, str(role), why=WHY)
    message = grounds.said[post]

    def roles() -> list[str]:
        told = grounds.garden.data["members"]
        return next(one["roles"] for one in told if one["user"]["id"] == grounds.ada.id)

    first = perform(grounds, react)
    assert perform(grounds, react, attempt=2) == first
    assert message.reactions
    given = perform(grounds, give)
    assert roles() == [str(role)]
    undo(grounds, give, given)
    assert roles() == []
    perform(grounds, GiveRole("again", grounds.lobby, ada, "Gardeners", why=WHY))
    perform(grounds, take)
    assert roles() == []
    undo(grounds, react, None)
    assert not message.reactions


def test_a_role_that_is_not_there_is_refused(grounds: DiscordGrounds) -> None:
    ada = Member("discord", str(grounds.ada.id))

    with pytest.raises(Rejected, match="no role 'Weeders'"):
        perform(grounds, GiveRole("give", grounds.lobby, ada, "Weeders", why=WHY))


def test_a_private_message_names_its_community_in_its_buttons(grounds: DiscordGrounds) -> None:
    ada = Member("discord", str(grounds.ada.id))
    act = DirectMessage(
        "key", grounds.lobby, ada, "Psst.", (Button("Yes", "amplify yes"),), why=WHY
    )

    first = perform(grounds, act)

    assert after_restart(grounds, act) == first
    [message] = grounds.ada.direct.by_bot
    [row] = message.data["components"]
    assert row["components"][0]["custom_id"].endswith(":amplify yes")
    undo(grounds, act, first)
    assert grounds.ada.direct.by_bot == []


def test_hosts_hear_once_that_somebodys_door_is_closed(grounds: DiscordGrounds) -> None:
    grounds.ada.closes_direct_messages()
    ada = Member("discord", str(grounds.ada.id))

    with pytest.raises(Rejected, match="closed") as first:
        perform(grounds, DirectMessage("one", grounds.lobby, ada, "Psst.", why=WHY))
    with pytest.raises(Gone):
        perform(grounds, DirectMessage("two", grounds.lobby, ada, "Psst.", why=WHY))
    assert not isinstance(first.value, Gone)


def test_a_permission_that_is_missing_is_named(grounds: DiscordGrounds) -> None:
    grounds.here.overwrite(deny=["send_messages"])

    with pytest.raises(Rejected, match="permission Send Messages"):
        perform(grounds, SendPost("key", grounds.lobby, "Hello.", why=WHY))


@pytest.mark.parametrize("fault", ["502 after commit", "502 before", "429", "cut after commit"])
@pytest.mark.parametrize("kind", ["post", "reply", "repost"])
def test_whatever_is_lost_on_the_way_a_later_attempt_makes_it_once(
    grounds: DiscordGrounds, hurried: None, fault: str, kind: str
) -> None:
    post = grounds.says("What a person said.")
    act: Action = {
        "post": SendPost("key", grounds.lobby, "Hello.", why=WHY),
        "reply": Reply("key", grounds.lobby, post, "Hello.", why=WHY),
        "repost": Repost("key", grounds.audience, grounds.lobby, post, why=WHY),
    }[kind]
    grounds.discord.faults.add(fault, "/messages$")

    try:
        perform(grounds, act)
    except Rejected:
        raise
    except Exception:  # noqa: BLE001 - an outcome that is not known
        pass
    grounds.discord.clock.forward(minutes=10)  # the nonce is forgotten by now
    after_restart(grounds, act)

    assert len(grounds.seen()) == 1
