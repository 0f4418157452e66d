"""What Weaver should do, in the imperative. Plugins yield these; adapters perform them.

Every action has a key, which says why it exists: the same key twice is one action. Its ``why`` is
the sentence that anybody may read under the act, and names rules, never people.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from datetime import datetime
from enum import IntEnum

from bot.domain.model import Grounds, Member, Space


class Urgency(IntEnum):
    """Which acts go first when many are due."""

    PERSON_WAITS = 0
    CHAT_STEP = 1
    BULK = 2


@dataclass(frozen=True, slots=True)
class Ref:
    """The post that an earlier action will have made, named by that action's key."""

    key: str


@dataclass(frozen=True, slots=True)
class Button:
    """A command offered under words: pressing it is saying it, for whoever presses.

    Where a platform has no buttons, the words end in a line for each that tells what to say.
    """

    label: str
    """What it does, in a few words: at most 80 characters."""
    command: str
    """What is said, such as ``pulse mute 3``: at most 90 characters, of commands that exist."""
    word: str = ""
    """A word that says the same as an answer, where there are no buttons: the plugin reads it."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing of Weaver's, or a file of the hosts'; ``alt`` says all that it shows."""

    alt: str
    svg: str = ""
    """A drawing, whole in itself; a platform that takes none is given it as PNG."""
    file: str = ""
    """Else the name of a picture in the data folder's ``pictures``."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Words in a text that say when: a platform may show them in each reader's own zone."""

    words: str
    """As they stand in the text."""
    at: datetime
    """The moment they mean, aware."""


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do. ``grounds`` is the consent that it rests on, if it needs one.

    ``until`` (aware, the community's time) is when it is of no use any more: an act that could not
    be performed by then is given up, and its plugin hears ``Failed``.
    """

    key: str
    _: KW_ONLY
    why: str
    urgency: Urgency = Urgency.BULK
    grounds: Grounds | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class SendPost(Action):
    """Post a new message in a space."""

    space: Space
    text: str
    buttons: tuple[Button, ...] = ()
    pictures: tuple[Picture, ...] = ()
    moments: tuple[Moment, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply(Action):
    """Answer a post, in its thread. ``to`` is the platform's id or an earlier action."""

    space: Space
    to: str | Ref
    text: str
    buttons: tuple[Button, ...] = ()
    pictures: tuple[Picture, ...] = ()
    moments: tuple[Moment, ...] = ()


@dataclass(frozen=True, slots=True)
class Repost(Action):
    """Show the post ``post_id`` of the space ``origin`` to the people who follow ``audience``.

    On another platform than its own it is shown as a link card, which holds nothing of the post.
    """

    audience: Space
    origin: Space
    post_id: str
    tag: str = ""
    """The hashtag by which it comes, without its sign: of the tags of its own that a forum has, the
    one of that name is put on it."""
    card: str = ""
    """Words that stand before the link, should it become one."""
    link: str = ""
    """Where people can read it: filled in just before, by the platform where it was said."""
    quietly: bool = False
    """Only in the audience's feed, where it has one (``OfferFeed``): nothing is posted for it."""

    @property
    def is_card(self) -> bool:
        """Whether it goes to another platform than its own, and so as a link."""
        return self.origin.platform != self.audience.platform

    @property
    def words(self) -> str:
        """What a link card says."""
        return f"{self.card} {self.link}".strip()


@dataclass(frozen=True, slots=True)
class OfferFeed(Action):
    """Offer a feed under an audience's account, which people can follow by itself.

    Which posts it shows is asked of the plugin at every visit (``plugin.listing``). Left out
    (``cancelled``) where a platform has no feeds; ``Undo`` ends it.
    """

    audience: Space
    title: str
    about: str


@dataclass(frozen=True, slots=True)
class OpenThread(Action):
    """Open a thread in a space: from the post ``of``, or with ``text`` as its first post.

    Its receipt is the post that the thread begins with: posts in it have that as their root, and
    ``Reply(to=Ref(key))`` says something there. Where every post is a thread already, opening one
    from a post makes nothing.
    """

    space: Space
    title: str
    """At most 100 characters."""
    of: str | Ref | None = None
    text: str = ""
    tags: tuple[str, ...] = ()
    """Names of the space's own tags, where it has some, as a forum does."""


@dataclass(frozen=True, slots=True)
class ScheduleEvent(Action):
    """Put a meeting into the space's own calendar; ``starts`` and ``ends`` are aware.

    Left out where a platform has no calendar: an announcement says when.
    """

    space: Space
    title: str
    """At most 100 characters."""
    starts: datetime
    ends: datetime
    text: str = ""
    place: str = ""
    """Where it is, in words; empty: the space itself."""


@dataclass(frozen=True, slots=True)
class React(Action):
    """Put an emoji on a post; where a platform knows only likes, like it."""

    space: Space
    post: str | Ref
    emoji: str


@dataclass(frozen=True, slots=True)
class GiveRole(Action):
    """Give a member a role of the place that the space is in, where the platform has roles."""

    space: Space
    member: Member
    role: str
    """Its name or id."""


@dataclass(frozen=True, slots=True)
class TakeRole(Action):
    """Take a role from a member again."""

    space: Space
    member: Member
    role: str


@dataclass(frozen=True, slots=True)
class DirectMessage(Action):
    """Write to one member in private, through a space both are in."""

    space: Space
    member: Member
    text: str
    buttons: tuple[Button, ...] = ()
    pictures: tuple[Picture, ...] = ()
    moments: tuple[Moment, ...] = ()


@dataclass(frozen=True, slots=True)
class NotifyHosts(Action):
    """Tell the hosts of the community, where only hosts read."""

    text: str
    buttons: tuple[Button, ...] = ()
    pictures: tuple[Picture, ...] = ()
    moments: tuple[Moment, ...] = ()


@dataclass(frozen=True, slots=True)
class LeaveAlone(Action):
    """Record that a post was considered and left where it is: nothing is performed."""

    origin: Space
    post_id: str


@dataclass(frozen=True, slots=True)
class Undo(Action):
    """Take back the act whose key is ``of``: before it is done, cancel it; after, remove it."""

    of: str


def builds_on(action: Action) -> str | None:
    """The key of the earlier act whose post an action is about; None when it names none."""
    match action:
        case Reply(to=Ref(key)) | OpenThread(of=Ref(key)) | React(post=Ref(key)):
            return key
    return None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command says to the person who called it. Not an act: best effort, never repeated."""

    text: str
    private: bool = True
    """Whether only the caller should see it, where the platform can do that."""
    personal: bool = False
    """Whether it tells of the caller: where answers are read by all, they get it as a message."""
    mistake: bool = False
    """Whether it says why nothing was done; at a terminal that is exit code 2."""
    buttons: tuple[Button, ...] = ()
    pictures: tuple[Picture, ...] = ()
    moments: tuple[Moment, ...] = ()
