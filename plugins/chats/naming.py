"""What hosts wrote for their chats, so that an old name of a tag is found in it."""

from __future__ import annotations

from collections.abc import Iterator

from sqlmodel import Session, col, select

from plugins.chats.tables import Series, Topic


def wordings(community: str, db: Session) -> Iterator[tuple[str, str]]:
    """Topics and prompts of chats that go on, and of the bank."""
    chats = select(Series).where(Series.community == community, col(Series.cancelled_at).is_(None))
    for series in db.exec(chats.order_by(col(Series.number))):
        said = [series.topic, *(str(prompt.get("text", "")) for prompt in series.prompts)]
        yield f"chat {series.number}", "\n".join(said)
    open_ = col(Topic.state).in_(("proposed", "ready"))
    bank = select(Topic).where(Topic.community == community, open_)
    for topic in db.exec(bank.order_by(col(Topic.number))):
        said = [topic.title, *(str(prompt.get("text", "")) for prompt in topic.prompts)]
        yield f"topic {topic.number} of the bank", "\n".join(said)
