"""Where a name still stands: as a word of its own, however it is written."""

from collections.abc import Iterator

from pydantic import BaseModel
from sqlmodel import Session

from bot.api import Answer, Call, Context, Plugin, Space
from bot.testing import ADA, Harness


class Settings(BaseModel):
    """Texts, in every shape that settings have."""

    greeting: str = "Have a look at #OldTag, or at #OldTagger."
    signposts: dict[str, str] = {"those who know oldtag": "elsewhere"}
    routes: list[dict[str, str]] = [{"tag": "\uff2fldTag"}]
    other: str = "TheOldTag and OldTags"
    count: int = 3


plugin = Plugin("notes", package="plugins.pulse", settings=Settings)


@plugin.command(audience="members")
def find(call: Call, ctx: Context[Settings], name: str) -> Answer:
    """Find a name."""
    return Answer("; ".join(ctx.standing(name)))


@plugin.wording
def wordings(community: str, db: Session) -> Iterator[tuple[str, str]]:
    """What a host wrote."""
    yield f"page 1 of {community}", "Everything about #OLDtag."
    yield "page 2", "Nothing of that kind."


def test_a_name_is_found_in_spaces_and_settings_and_inside_no_other_word() -> None:
    bot = Harness(plugin, spaces=[Space("fake", "#oldtag", "The old place")])

    assert bot.calls(ADA, "notes find OldTag") == (
        "the space The old place; the settings of notes: greeting; "
        "the settings of notes: signposts; the settings of notes: routes; page 1 of garden"
    )


def test_a_name_that_stands_nowhere_is_found_nowhere() -> None:
    assert Harness(plugin).calls(ADA, "notes find NewTag") == ""


def test_the_name_of_the_community_counts() -> None:
    assert Harness(plugin).calls(ADA, "notes find garden") == "the name of the community"
