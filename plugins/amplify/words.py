"""What Weaver says of a decision: to anybody, in words that name rules and never people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from plugins.amplify.logic import Basis, Decision, Reason, Route
from plugins.amplify.tables import Considered

ONCE = "Once per audience, however many tags."
BLOCKED = "The hosts have decided that posts of this account are not passed on."
CHOICE = "Being passed on is its author's choice, and they have not chosen it."

REASONS: Mapping[Reason, str] = {
    "consent": f"{CHOICE} Anyone can, by writing to Weaver: amplify yes.",
    "blocked": f"{BLOCKED} Its author can ask them to look again: amplify appeal.",
    "public": "It was said where not everybody can read it, and only public posts are passed on.",
    "elsewhere": "It was said on another platform, and this tag links to nothing from there.",
    "reply": "It is a reply, and only the start of a conversation is passed on.",
    "old": "It was more than a day old when Weaver could have passed it on.",
    "language": "It is in another language than those this community passes on.",
    "unwanted": "It carries a tag that this community passes nothing on with.",
    "spray": "It carries more tags than are passed on here; fewer make it plain whom it is for.",
    "repeat": "Its author said much the same under this tag within the last two days.",
    "label": "It carries a content label, so a host looks first.",
    "undescribed": "This tag asks for alt text, and a picture has none, so a host looks first.",
    "copy": "Somebody else said much the same under this tag, so a host looks first.",
    "link_only": "It is a link with hardly a word of its own, so a host looks first.",
    "young_account": "The account it is from was made within the last week, so a host looks first.",
    "new_account": "It is from somebody whom Weaver first met here today, so a host looks first.",
    "age_untold": "How old the account itself is, its platform does not tell.",
    "not_member": "This tag passes on only people who are known here for now; a host looks first.",
    "hijack": "The tag is paused after a rush of unknown accounts, so a host looks first.",
}
"""Each reason in one sentence. A missing yes and a no read alike: a no is nobody's business."""

SAID_NO = "You asked not to be passed on. You can change your mind: amplify yes."
UNSEEN = (
    "It waited three days for a host, and none came to it. That says nothing about the post: "
    "people can still find it by its tag."
)
LEFT_BY_HOST = (
    "A host looked at it and left it where it is. "
    "Its author can ask them to look again: amplify appeal."
)
UNDESCRIBED = (
    "A picture of it has no alt text, so posts like it whose pictures are described go first. "
    "A few words of what it shows, next time, let everybody in on it."
)
TAKEN_BACK = "It was taken back, as asked, and is not passed on again."


PLATFORMS: Mapping[str, str] = {"sandbox": "the sandbox"}


def platform_words(platform: str) -> str:
    """A platform as people call it."""
    return PLATFORMS.get(platform, platform.capitalize())


def of(reasons: Iterable[str]) -> str:
    """Some reasons in words."""
    wanted = list(reasons)
    return " ".join(words for reason, words in REASONS.items() if reason in wanted)


def card(platform: str, tag: str, *, is_labelled: bool) -> str:
    """What stands before a link to a post on another platform; its author's warning goes along."""
    warning = " (with a content warning)" if is_labelled else ""
    return f"From {platform_words(platform)}, with the tag {tag}{warning}:"


def why(decision: Decision) -> str:
    """The sentence that stands under an act, or under a post that stays where it is."""
    if decision.outcome != "amplify":
        return of(decision.reasons)
    return f"{_rule(decision.tag, decision.basis, decision.route)} {ONCE}"


def after_look(row: Considered, route: Route) -> str:
    """The same for a post that a host let go on."""
    basis: dict[str, Basis] = {"asked": "asked", "follows": "follows"}
    return f"{_rule(route.tag, basis.get(row.basis, 'agreed'), route)} {ONCE}"


def _rule(tag: str, basis: Basis | None, route: Route) -> str:
    match basis, route.asks:
        case "agreed", _:
            return f"It carries #{tag}, and its author has said yes to being passed on."
        case "follows", _:
            return f"It carries #{tag}, and here following the amplifier is how people say yes."
        case _, "tag":
            return f"It carries #{tag}, and here using that tag is how people ask to be passed on."
        case _:
            return "Its author asked for this post to be passed on."
