"""Welcome newcomers once, where everyone can see it, with signposts to follow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlmodel import Field, Session, col, delete, select

from bot.api import (
    Action,
    Answer,
    Call,
    Context,
    Grounds,
    Member,
    MemberJoined,
    Plugin,
    PluginTable,
    SendPost,
    Urgency,
    instant,
)


class Settings(BaseModel):
    """What hosts may set under ``[community.<id>.welcome]``."""

    model_config = ConfigDict(extra="forbid")

    rhythm: str = ""
    """When people meet here, in a few words: "on Tuesdays at 7:30 pm"."""
    signposts: dict[str, str] = {}
    """Where a newcomer might go, in the order to show them: who it is for, and the tag or link."""


class Greeting(PluginTable, table=True):
    """A member greeted in a community; the row is why nobody is greeted twice."""

    __tablename__ = "welcome_greeting"

    community: str = Field(primary_key=True)
    member: str = Field(primary_key=True)
    greeted_at: datetime = instant()


plugin = Plugin("welcome", package=__name__, settings=Settings, tables=[Greeting])
plugin.purpose("welcome", "greet you when you arrive")


@plugin.on(MemberJoined)
def greet(event: MemberJoined, ctx: Context[Settings]) -> Iterator[Action]:
    """Greet a member the first time they enter any space of the community."""
    member = event.member
    greeted = ctx.db.get(Greeting, (ctx.community.id, member.key))
    if greeted:
        return
    ctx.db.add(Greeting(community=ctx.community.id, member=member.key, greeted_at=ctx.now))
    yield SendPost(
        ctx.key("greet", member),
        event.space,
        greeting(ctx, member.name),
        why="Somebody arrived whom Weaver had not greeted before. It says hello once, in the open, "
        "and never by private message. A hello from a person is the one that counts.",
        urgency=Urgency.PERSON_WAITS,
        grounds=Grounds(member, "welcome", "asked"),
    )


@plugin.command(audience="members")
def preview(call: Call, ctx: Context[Settings], name: str = "Sam") -> Answer:
    """Show the greeting as a newcomer called NAME would see it."""
    return Answer(greeting(ctx, name))


@plugin.forget
def forget(member: Member, db: Session) -> None:
    """Erase the greetings of a member who asked to be forgotten."""
    db.exec(delete(Greeting).where(col(Greeting.member) == member.key))


@plugin.tell
def tell(member: Member, db: Session) -> Mapping[str, Any]:
    """Tell where and when a member was greeted."""
    rows = db.exec(select(Greeting).where(col(Greeting.member) == member.key))
    return {"greeted": {row.community: row.greeted_at.isoformat() for row in rows}}


def greeting(ctx: Context[Settings], name: str) -> str:
    """Render the words, which live in ``templates/greeting.md.j2``."""
    return ctx.render(
        "greeting.md", name=name, rhythm=ctx.settings.rhythm, signposts=ctx.settings.signposts
    )
