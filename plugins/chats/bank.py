"""The topic bank: what members would like to talk about, in the order that hosts give it."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence

from sqlmodel import Session, col, delete, func, select

from bot.api import Action, Answer, Button, Call, Member, NotifyHosts, UserError, when_words
from plugins.chats import filling
from plugins.chats.logic import Prompt, check_pace, check_topic, prompts_in
from plugins.chats.planning import plan, sessions
from plugins.chats.series import Chats, all_series, next_date, next_number, room
from plugins.chats.tables import Backer, Series, Topic
from plugins.chats.words import chat_words, number_words, questions_words, topics_words

Acts = Generator[Action, None, Answer]
LOW = 1
"""With so few topics ready, or fewer, hosts hear that the bank runs low."""


def propose(call: Call, ctx: Chats, topic: str) -> Acts:
    """Propose a TOPIC for a chat to come."""
    title = check_topic(topic)
    if not title:
        raise UserError("what would you like to talk about? Write it behind: chats propose A topic")
    _refuse_repeat(ctx, title)
    row = keep(ctx, title, [])
    row.proposed_by = call.member.key
    ctx.db.add(Backer(community=row.community, topic=row.number, member=call.member.key))
    if any(ctx.community.for_("hosts")):
        yield NotifyHosts(
            ctx.key("topic", row.number),
            f"A member proposes topic {row.number}: \u201c{title}\u201d. To take it up, write "
            f"prompts for it: chats approve {row.number} First question / Second question",
            why="Hosts hear of topics that members propose; which to take up is theirs to decide.",
            buttons=(Button("Decline it", f"chats decline {row.number}"),),
        )
    return Answer(
        f"Thank you. \u201c{title}\u201d is topic {row.number} now; others can back it with "
        f"chats back {row.number}, and hosts decide."
    )


def back(call: Call, ctx: Chats, number: int) -> Answer:
    """Say that you would like to talk about topic NUMBER, or take that back by saying it again."""
    row = _topic(ctx, number, "proposed", "ready")
    mine = ctx.db.get(Backer, (ctx.community.id, number, call.member.key))
    if mine is not None:
        ctx.db.delete(mine)
        return Answer(f"You no longer back \u201c{row.title}\u201d.")
    ctx.db.add(Backer(community=row.community, topic=number, member=call.member.key))
    ctx.db.flush()
    return Answer(f"You back \u201c{row.title}\u201d{_others(ctx, number)}.")


def topics(call: Call, ctx: Chats) -> Answer:
    """Show the topics that are ready and those that are proposed, with how many back each."""
    lines = [f"Next: \u201c{one.topic}\u201d." for one in all_series(ctx) if one.topic]
    lines.extend(
        f"{row.number}. \u201c{row.title}\u201d, {questions_words(len(row.prompts))}."
        for row in ready(ctx)
    )
    proposed = in_state(ctx, "proposed")
    for row in sorted(proposed, key=lambda row: (-_backers(ctx, row.number), row.number)):
        count = _backers(ctx, row.number)
        backed = f", backed by {count}" if count else ""
        lines.append(f"{row.number}. \u201c{row.title}\u201d, proposed{backed}.")
    return Answer("\n".join(lines) or "The bank is empty. Propose something: chats propose A topic")


def approve(call: Call, ctx: Chats, *, number: int, title: str = "", prompts: str) -> Answer:
    """Take up topic NUMBER with PROMPTS; title:"…" before them words it anew."""
    row = _topic(ctx, number, "proposed", "ready", "declined")
    script = prompts_in(prompts)
    series = all_series(ctx)
    longest = min((room(ctx, one) for one in series), default=ctx.settings.longest)
    filling.check(ctx, script, longest)
    if series:
        check_pace(script, series[0].minutes, series[0].pace, series[0].warm_up)
    if title:
        row.title = check_topic(title)
    if row.state != "ready":
        row.rank = max((one.rank for one in ready(ctx)), default=0) + 1
    row.state, row.prompts = "ready", [prompt.kept() for prompt in script]
    ctx.db.flush()
    for one in series:
        if not one.prompts and next_date(ctx, one) is not None:
            refill(ctx, one)
            plan(ctx, one)
    place = "It is next." if row.state == "used" else f"It is number {_place(ctx, row)} in line."
    return Answer(f"\u201c{row.title}\u201d has {questions_words(len(script))}. {place}")


def decline(call: Call, ctx: Chats, number: int) -> Answer:
    """Leave topic NUMBER; it can still be approved later."""
    row = _topic(ctx, number, "proposed", "ready")
    row.state = "declined"
    return Answer(
        f"Topic {number}, \u201c{row.title}\u201d, is left. To take it up after all: "
        f"chats approve {number} First question / Second question"
    )


def order(call: Call, ctx: Chats, number: int, place: int) -> Answer:
    """Put topic NUMBER at a PLACE in line: 1 comes next."""
    row = _topic(ctx, number, "ready")
    line = [one for one in ready(ctx) if one.number != number]
    line.insert(max(0, place - 1), row)
    for rank, one in enumerate(line, 1):
        one.rank = rank
    ctx.db.flush()
    return Answer(f"\u201c{row.title}\u201d is number {_place(ctx, row)} in line.")


def keep(ctx: Chats, title: str, script: Sequence[Prompt]) -> Topic:
    """Put a topic into the bank, for hosts to look at."""
    topic = Topic(
        community=ctx.community.id,
        number=next_number(ctx, Topic),
        title=title,
        prompts=[prompt.kept() for prompt in script],
        at=ctx.now,
    )
    ctx.db.add(topic)
    ctx.db.flush()
    return topic


def ready(ctx: Chats) -> list[Topic]:
    """The topics that hosts took up, in line."""
    return sorted(in_state(ctx, "ready"), key=lambda row: (row.rank, row.number))


def refill(ctx: Chats, series: Series) -> list[Topic]:
    """Give the next session of a series the first topic in line, unless it has one already.

    Returns the topics that are left in line.
    """
    line = ready(ctx)
    if line and not series.prompts and not series.topic:
        row = line.pop(0)
        series.topic, series.prompts, row.state = row.title, list(row.prompts), "used"
        ctx.db.flush()
    return line


def refill_and_warn(ctx: Chats, series: Series) -> Iterator[Action]:
    """At an opening, take the next topic, and tell the hosts when a bank that they use runs low."""
    if not _in_use(ctx):
        return
    left = len(refill(ctx, series)) + bool(series.prompts)
    if left > LOW:
        return
    following = next_date(ctx, series)
    if following is None:
        return
    when = when_words(following.at, series.zone, ctx.now)
    nothing = f"Nothing is ready for {when}"
    then = f"\u201c{series.topic}\u201d is for {when}" if series.topic else nothing
    yield NotifyHosts(
        ctx.key("bank", series.number, following.local),
        f"The topic bank runs low: {topics_words(left)} left for the "
        f"{chat_words(series.recurrence)}. {then}. Members can propose one with: chats propose",
        why="Hosts hear when the topic bank runs low. Weaver never makes topics up.",
    )


def _in_use(ctx: Chats) -> bool:
    """Whether the community ever had a topic in its bank."""

    def read() -> bool:
        any_ = select(Topic.number).where(Topic.community == ctx.community.id).limit(1)
        return ctx.db.exec(any_).first() is not None

    return ctx.recall("bank in use", read, Topic)


def forget(member: Member, db: Session) -> None:
    """Forget who proposed and who backs; the topics are the community's."""
    db.exec(delete(Backer).where(col(Backer.member) == member.key))
    for row in db.exec(select(Topic).where(Topic.proposed_by == member.key)):
        row.proposed_by = ""


def tell(member: Member, db: Session) -> dict[str, list[str]]:
    """Tell which topics a member proposed, and which they back."""
    proposed = db.exec(select(Topic).where(Topic.proposed_by == member.key)).all()
    backed = db.exec(select(Backer).where(Backer.member == member.key)).all()
    named = (db.get(Topic, (row.community, row.topic)) for row in backed)
    return {
        "proposed": [row.title for row in proposed],
        "backed": [row.title for row in named if row is not None],
    }


def in_state(ctx: Chats, state: str) -> list[Topic]:
    """The topics of a state, in the order in which they were proposed."""
    mine = select(Topic).where(Topic.community == ctx.community.id, Topic.state == state)
    return list(ctx.db.exec(mine.order_by(col(Topic.number))))


def _topic(ctx: Chats, number: int, *states: str) -> Topic:
    """A topic that can still be changed so; UserError says why it cannot."""
    row = ctx.db.get(Topic, (ctx.community.id, number))
    if row is None:
        raise UserError(f"there is no topic {number} here; chats topics shows which there are")
    if row.state not in states:
        was = "was talked about already" if row.state == "used" else f"is {row.state}"
        raise UserError(f"topic {number}, \u201c{row.title}\u201d, {was}")
    return row


def _refuse_repeat(ctx: Chats, title: str) -> None:
    """Refuse a topic that is in the bank or was talked about."""
    wanted = title.casefold()
    mine = select(Topic).where(Topic.community == ctx.community.id, Topic.state != "declined")
    for row in ctx.db.exec(mine):
        if row.title.casefold() == wanted and row.state != "used":
            raise UserError(f"that is topic {row.number} already; chats back {row.number} backs it")
    held = [one.topic for one in sessions(ctx, "open", "done")]
    planned = [one.topic for one in all_series(ctx)]
    if wanted in {topic.casefold() for topic in (*held, *planned)}:
        raise UserError("there was, or will be, a chat about that; what is new about it this time?")


def _backers(ctx: Chats, number: int) -> int:
    counted = select(func.count()).where(
        Backer.community == ctx.community.id, Backer.topic == number
    )
    return int(ctx.db.exec(counted).one())


def _others(ctx: Chats, number: int) -> str:
    count = _backers(ctx, number) - 1
    if count < 2:  # noqa: PLR2004 - one other, or nobody else
        return ", and so does one other" if count else "; nobody else does yet"
    return f", and so do {number_words(count)} others"


def _place(ctx: Chats, row: Topic) -> int:
    return [one.number for one in ready(ctx)].index(row.number) + 1


def titles(ctx: Chats) -> list[str]:
    """Titles of the bank that nobody has talked about yet, for whoever types a topic."""
    mine = select(Topic).where(Topic.community == ctx.community.id, Topic.state != "declined")
    rows = ctx.db.exec(mine.order_by(col(Topic.rank), col(Topic.number))).all()
    return [row.title for row in rows if row.state != "used"]
