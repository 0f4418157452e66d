"""The story of a sub-community on a Discord server: first tag, answer, withdrawal, block, new name.

People do all of it: by commands, buttons and the menus of messages, through the real client.
"""

from dataclasses import replace
from typing import Any

import pytest

from tests.adapters.discord.village import Village
from tests.fakediscord.people import Message, Person

FREE = {"hourly": 0, "author_daily": 0}
LINK = "https://example.com/my-shop"


@pytest.fixture
def garden(village: Village) -> Village:
    """Give a server without routes yet, whose Weaver lives by the clock that tests move."""
    village.clock = village.discord.clock
    village.plugin_settings["amplify"] = dict(FREE)
    village.starts()
    return village


def comes(village: Village, name: str) -> Person:
    person: Person = village.discord.person(name).joins(village.garden)
    return person


def says(village: Village, person: Person, text: str, **more: Any) -> Message:
    """Somebody says something among people, and all that follows is done."""
    message = person.says(village.tea, text, **more)
    village.waits_until(lambda: village.logged(message))
    village.is_quiet()
    return message


def asks(village: Village, person: Person, name: str, **options: Any) -> Any:
    """Somebody gives a command of amplify's; what they are shown is returned."""
    asked = person.runs(village.tea, village.path("amplify", name), **options)
    return answered(village, asked)


def answered(village: Village, asked: Any) -> Any:
    village.waits_until(lambda: asked.words)
    village.is_quiet()
    return asked


def shown(village: Village) -> list[str]:
    """What the audience has now: the messages that were passed on, in their order."""
    references = [one.data.get("message_reference") or {} for one in village.roses.by_bot]
    assert all(one.get("type") == 1 for one in references), "each is forwarded, not copied"
    return [one["message_id"] for one in references]


def ids(*messages: Message) -> list[str]:
    return [str(one.id) for one in messages]


def hosts_told(village: Village, words: str) -> Message:
    """The one message to the hosts that says so."""
    [message] = [one for one in village.shed.by_bot if words in one.content]
    return message


def begin(village: Village) -> None:
    """A host leads the tag to its channel, and says by button how people say yes."""
    asked = asks(village, village.hana, "add", tag="Roses", audience="roses")
    assert "How do people there say yes?" in asked.words
    chosen = answered(village, village.hana.presses(asked, "By the tag itself"))
    assert "Using the tag is the request" in chosen.words


def test_a_sub_community_from_its_first_tag_to_its_new_name(garden: Village) -> None:
    priya, joel, nadia = (comes(garden, name) for name in ("Priya", "Joel", "Nadia"))
    begin(garden)

    question = says(garden, priya, "Why do mine never flower? #Roses")
    assert shown(garden) == ids(question)
    answer = joel.replies(question, "Too much shade, I would say. #Roses")
    garden.waits_until(lambda: garden.logged(answer))
    garden.is_quiet()
    assert shown(garden) == ids(question), "an answer stays in its conversation"
    told = answered(garden, priya.picks("Why passed on, or not?", question))
    assert "It was passed on to roses" in told.words

    regretted = says(garden, nadia, "My whole garden plan for free #Roses")
    assert shown(garden) == ids(question, regretted)
    one_less = answered(garden, nadia.picks("Do not pass this on", regretted))
    assert "It is being taken back, and is not passed on again." in one_less.words
    assert shown(garden) == ids(question)
    second = says(garden, nadia, "A small part of it, then #Roses")
    assert shown(garden) == ids(question, second)
    withdrawn = asks(garden, nadia, "no")
    assert "The one that was passed on is being taken back" in withdrawn.words
    assert shown(garden) == ids(question)
    says(garden, nadia, "Only for those who read along #Roses")
    assert shown(garden) == ids(question)
    assert "You said no" in asks(garden, nadia, "status").words

    pushy = says(garden, joel, f"Look at what I sell, all of it cheap: {LINK} #Roses")
    assert shown(garden) == ids(question), "a link on the first day waits for a host"
    held = hosts_told(garden, "waits for a host before it goes to roses")
    assert f"/{garden.tea.id}/{pushy.id}" in held.content
    approved = answered(garden, garden.hana.presses(held, "Pass it on"))
    assert "is passed on in its turn" in approved.words
    assert shown(garden) == ids(question, pushy)
    blocked = answered(garden, garden.hana.presses(held, "Block its author"))
    assert "One post is being taken back" in blocked.words
    assert shown(garden) == ids(question)
    says(garden, joel, "And now without a link #Roses")
    assert shown(garden) == ids(question)

    renamed = asks(garden, garden.hana, "succeed", old="Roses", new="RoseTalk", days=30)
    assert "lead to the same place" in renamed.words
    [notice] = [one.content for one in garden.lobby.by_bot if "is becoming" in one.content]
    assert notice.startswith("#Roses is becoming #RoseTalk.")
    both = says(garden, priya, "Black spot again, anybody? #Roses #RoseTalk")
    new = says(garden, priya, "First time under the new name #RoseTalk")
    assert shown(garden) == ids(question, both, new), "a post with both goes once"

    garden.passes(days=32)  # over on the morning after the last day, whenever this runs
    assert "#Roses has given way to #RoseTalk" in hosts_told(garden, "given way").content
    late = says(garden, priya, "Out of habit #Roses")
    assert str(late.id) not in shown(garden)
    [signpost] = [one for one in garden.tea.by_bot if "#Roses has given way" in one.content]
    assert signpost.data["message_reference"]["message_id"] == str(late.id)
    assert "#Roses has given way to #RoseTalk." in asks(garden, priya, "list").words
    assert "dead" not in {act.state for act in garden.acts}


@pytest.mark.parametrize("intents", ["full", "without members"])
def test_a_role_says_yes_and_giving_it_back_takes_that_back(village: Village, intents: str) -> None:
    village.settings["intents"] = intents
    village.plugin_settings["amplify"] = FREE | {
        "role": "Passed on",
        "routes": [{"tag": "Roses", "audience": "roses", "asks": "yes"}],
    }
    role = village.garden.role("Passed on")
    village.starts()
    ada = comes(village, "Ada")
    says(village, ada, "Nobody asked me yet #Roses")
    assert shown(village) == []

    ada.gets(village.garden, role)
    first = says(village, ada, "Now I have said so #Roses")
    assert shown(village) == ids(first)
    assert "You have the role Passed on" in asks(village, ada, "status").words

    village.stops()
    ada.loses(village.garden, role)
    village.starts()
    says(village, ada, "And back it went while nobody looked #Roses")
    assert shown(village) == []
    assert "gave the role Passed on back" in asks(village, ada, "status").words


def test_a_forum_takes_what_is_passed_on_under_its_own_tag(village: Village) -> None:
    village.spaces = (*village.spaces[:-1], replace(village.spaces[-1], purpose="audience"))
    village.plugin_settings["amplify"] = FREE | {
        "routes": [{"tag": "Roses", "audience": "questions", "asks": "tag"}]
    }
    village.starts()
    ada = comes(village, "Ada")
    question = says(village, ada, "Why do mine never flower? #Roses")

    [thread] = village.forum.threads
    assert thread.name == "From Ada in #tea-room"
    assert thread.data["applied_tags"] == [village.forum.tag("Roses")]
    [first] = thread.messages
    assert first.content.endswith(f"/{village.tea.id}/{question.id}")
    assert "flower" not in first.content

    ada.deletes(question)
    village.waits_until(lambda: village.forum.threads == [])
    assert "dead" not in {act.state for act in village.acts}


def test_a_rush_of_strangers_pauses_the_tag_and_buttons_say_what_becomes_of_it(
    garden: Village,
) -> None:
    begin(garden)
    asks(garden, garden.hana, "members", tag="Roses", only=False)
    priya = comes(garden, "Priya")
    garden.passes(hours=2)
    says(garden, priya, "Why do mine never flower? #Roses")
    garden.passes(hours=2)
    for number in range(6):
        stranger = comes(garden, f"Stranger {number}")
        says(garden, stranger, f"Get {number} new friends today, all for you: {LINK} #Roses")
    alarm = hosts_told(garden, "#Roses is paused.")
    assert "5 accounts that are not known here said much the same with it" in alarm.content
    known = says(garden, priya, "And now they have mildew, too #Roses")
    assert str(known.id) not in shown(garden)

    only = answered(garden, garden.hana.presses(alarm, "Only people known here"))
    assert "wait for a host from now on" in only.words
    assert str(known.id) in shown(garden)
    assert (
        "amplify succeed Roses NEWTAG"
        in answered(garden, garden.hana.presses(alarm, "Move to a new tag")).words
    )
    listed = asks(garden, garden.hana, "queue")
    trusted = answered(garden, garden.hana.presses(listed, "Trust its author"))
    assert "pass without a host's look from now on" in trusted.words
    listed = asks(garden, garden.hana, "queue")
    left = answered(garden, garden.hana.presses(listed, "Leave it"))
    assert "stays where it is" in left.words


def picture(alt: str | None = None, name: str = "rose.png") -> dict[str, Any]:
    """Show a file, as Discord tells of one that somebody put up."""
    shown = {"id": "7", "filename": name, "size": 1, "content_type": "image/png"}
    return shown if alt is None else shown | {"description": alt}


def test_pictures_without_alt_text_wait_where_hosts_ask_for_it(garden: Village) -> None:
    priya = comes(garden, "Priya")
    begin(garden)
    asked = asks(garden, garden.hana, "alt", tag="Roses", how="require")
    assert "on Discord the pencil" in asked.words

    told = says(garden, priya, "My first #Roses", attachments=[picture("A red rose in a pot")])
    bare = says(garden, priya, "And my second #Roses", attachments=[picture()])
    hidden = says(garden, priya, "My thumb #Roses", attachments=[picture("A", "SPOILER_a.png")])
    sound = {"id": "8", "filename": "bees.ogg", "size": 1, "content_type": "audio/ogg"}
    heard = says(garden, priya, "My bees #Roses", attachments=[sound])

    assert shown(garden) == ids(told, heard)
    assert (
        "This tag asks for alt text"
        in answered(garden, priya.picks("Why passed on, or not?", bare)).words
    )
    assert (
        "It carries a content label"
        in answered(garden, priya.picks("Why passed on, or not?", hidden)).words
    )
