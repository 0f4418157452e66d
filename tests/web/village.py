"""A sandbox in memory: a few people, and a Weaver of three rules. Honest, small and typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bot.domain.errors import UserError
from bot.domain.hashtags import hashtags
from bot.domain.pages import Act, Entry, Panel, Person, Place, Sheet, Upcoming
from bot.domain.ports import Image

START = datetime(2026, 5, 12, 23, 24, tzinfo=UTC)  # 7:24 pm in New York

LOBBY = Place("lobby", "Lobby", "lobby")
CHAT = Place("chat", "Tuesday chat", "chat")
TALK = Place("tallymath", "#TallyMath", "talk")
HOSTS = Place("hosts", "The hosts", "hosts")
HIGH_SCHOOL = Place("tallymathhs", "#TallyMathHS", "audience")
MIDDLE_SCHOOL = Place("tallymathms", "#TallyMathMS", "audience")

PEOPLE = (
    Person("tomasz", "Tomasz", "middle school"),
    Person("wen", "Wen", "high school, greets"),
    Person("joel", "Joel", "said no to being passed on"),
    Person("adaeze", "Adaeze", is_host=True),
)


@dataclass
class Ledger:
    """What Weaver decided in the village."""

    village: Village
    rows: list[Act] = field(default_factory=list)
    due: list[Upcoming] = field(default_factory=list)
    shown: list[Panel] = field(default_factory=list)

    def write(self, kind: str, state: str, why: str, **more: str | int | None) -> Act:
        seq = len(self.rows) + 1
        act = Act(seq, f"k{seq}", "tallymath", kind, state, why, self.village.time, **more)  # type: ignore[arg-type]
        self.rows.append(act)
        return act

    def change(self, key: str, **more: str | int | None) -> None:
        self.rows = [replace(act, **more) if act.key == key else act for act in self.rows]  # type: ignore[arg-type]

    def acts(self, community: str, limit: int = 200) -> Sequence[Act]:
        return self.rows[::-1][:limit]

    def act(self, key: str) -> Act | None:
        return next((act for act in self.rows if act.key == key), None)

    def upcoming(self, community: str, limit: int = 6) -> Sequence[Upcoming]:
        return self.due[:limit]

    def panels(self, community: str) -> Sequence[Panel]:
        return self.shown

    def feed(self, name: str, asked: tuple[str, str], base: str) -> tuple[str, bytes] | None:
        if name != "calendar" or asked not in (("", ""), ("tally", ""), ("tally", "2")):
            return None
        return "text/calendar; charset=utf-8", f"{'/'.join(asked)} {base}".encode()

    async def sheet(self, name: str, asked: tuple[str, str], base: str) -> Sheet | None:
        if name != "chats" or asked[0] != "tally" or asked[1] not in ("", "2", "2/2026-05-12"):
            return None
        words = f"<h1>{asked[1] or 'all'} at {base}</h1>"
        return Sheet("tally", "#TallyMath", "en", "Chats", words)

    async def undo(self, key: str, why: str) -> bool:
        act = self.act(key)
        if act is None or act.state not in {"todo", "held", "done"}:
            return False
        self.change(key, state="undone" if act.state == "done" else "cancelled")
        self.village.forget_act(act)
        return True


class Village:
    """The social world: posts by id, replies by what they answer."""

    community = "tallymath"

    def __init__(self) -> None:
        self.time, self.changes, self.last = START, 0, 0
        self.villagers = list(PEOPLE)
        self.posts: dict[str, Entry] = {}
        self.ledger = Ledger(self)
        self.all_places = [LOBBY, TALK, CHAT, HOSTS, HIGH_SCHOOL, MIDDLE_SCHOOL]

    def now(self) -> datetime:
        return self.time

    def version(self) -> int:
        return self.changes

    def people(self) -> Sequence[Person]:
        return self.villagers

    def places(self) -> Sequence[Place]:
        return [replace(place, count=len(self._in(place))) for place in self.all_places]

    def _in(self, place: Place) -> list[Entry]:
        if place.purpose == "audience":
            return [post for post in self.posts.values() if place.name in post.passed_on_to]
        return [post for post in self.posts.values() if post.place.id == place.id]

    def stream(self, place: str | None = None, limit: int = 60) -> Sequence[Entry]:
        chosen = next((one for one in self.all_places if one.id == place), None)
        posts = list(self.posts.values()) if chosen is None else self._in(chosen)
        starts = [post for post in posts if post.reply_to is None]
        return [self._with_replies(post) for post in reversed(starts)][:limit]

    def _with_replies(self, post: Entry) -> Entry:
        answers = [entry for entry in self.posts.values() if entry.reply_to == post.id]
        return replace(post, replies=tuple(self._with_replies(answer) for answer in answers))

    async def picture(self, post: str, number: int) -> Image | None:
        pictures = self.posts[post].pictures if post in self.posts else ()
        if not 0 <= number < len(pictures):
            return None
        shown = pictures[number]
        return Image(shown.svg.encode(), "image/svg+xml", "picture.svg", shown.alt)

    async def join(self, name: str) -> Person:
        if not name or any(name == person.name for person in self.villagers):
            raise UserError("that name is empty or taken; choose another")
        person = Person(name.casefold(), name, "new today")
        self.villagers.append(person)
        self.weaver_says(LOBBY, f"Hello {name}, good to have you here.", "Somebody arrived.")
        return person

    async def post(self, person: str, place: str, text: str) -> str:
        at = next(one for one in self.all_places if one.id == place)
        made = self.write(at, self._person(person), text)
        for audience in (HIGH_SCHOOL, MIDDLE_SCHOOL):
            if audience.name.lstrip("#") in made.tags:
                self._pass_on(made, audience)
        return made.id

    def _pass_on(self, post: Entry, audience: Place) -> None:
        if post.author and post.author.id == "joel":
            why = "Asked not to be passed on. The tag still helps people find the post."
            self.ledger.write("LeaveAlone", "done", why, plugin="amplify", ref=post.id)
        else:
            why = "The tag asks for it, and is standing permission."
            self.ledger.write("Repost", "done", why, plugin="amplify", ref=post.id)
            self.posts[post.id] = replace(post, passed_on_to=(audience.name,))

    async def reply(self, person: str, to: str, text: str) -> str:
        if to not in self.posts:
            raise UserError(f"there is no post {to}; it may have been deleted")
        return self.write(self.posts[to].place, self._person(person), text, reply_to=to).id

    async def repost(self, person: str, post: str) -> str:
        shared = self.posts[post]
        return self.write(TALK, self._person(person), shared.text, kind="repost").id

    async def delete(self, person: str, post: str) -> None:
        if post not in self.posts or self.posts[post].author != self._person(person):
            raise UserError("only who wrote a post can delete it")
        self.posts[post] = replace(self.posts[post], deleted=True, text="")
        self.changes += 1

    async def command(self, person: str, text: str) -> str:
        asked = self.write(LOBBY, self._person(person), f"@weaver {text}")
        self.write(LOBBY, None, f"There is no command “{text}”. Try “help”.", reply_to=asked.id)
        return asked.id

    async def move_clock(self, to: datetime | None) -> datetime:
        due = self.ledger.due
        if to is None and not due:
            raise UserError("nothing is due")
        to = to or due[0].at
        if to < self.time:
            raise UserError("the clock only goes forward")
        for step in [step for step in due if step.at <= to]:
            due.remove(step)
            self.time = step.at
            self.weaver_says(CHAT, f"It is time: {step.label}", "A host planned it.")
        self.time = to
        self.changes += 1
        return to

    def write(self, place: Place, author: Person | None, text: str, **more: object) -> Entry:
        self.last += 1
        self.changes += 1
        self.time += timedelta(seconds=20)
        tags = tuple(hashtags(text, "bluesky"))
        made = Entry(str(self.last), place, author, text, self.time, tags=tags, **more)  # type: ignore[arg-type]
        self.posts[made.id] = made
        return made

    def weaver_says(self, place: Place, text: str, why: str, **more: object) -> Entry:
        act = self.ledger.write("SendPost", "done", why, plugin="welcome", text=text)
        return self.write(place, None, text, act_key=act.key, **more)

    def forget_act(self, act: Act) -> None:
        for post in list(self.posts.values()):
            if post.act_key == act.key:
                del self.posts[post.id]
            elif post.id == act.ref:
                self.posts[post.id] = replace(post, passed_on_to=())
        self.changes += 1

    def _person(self, person_id: str) -> Person:
        return next(person for person in self.villagers if person.id == person_id)
