"""What the visitors of a tortured sandbox do, and what they were told came of it."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from time import sleep

from tests.torture.process import Gone, House, Refused, Running

TAGS = ("TallyMathElem", "TallyMathMS", "TallyMathMiddle", "TallyMathHS", "NoRoute")
HOST = "adaeze"
STANDING = """
    SELECT 'p' || number, author FROM post
    WHERE author IS NOT NULL AND NOT deleted AND kind != 'repost' AND text NOT LIKE '@weaver%'
    ORDER BY number DESC LIMIT 30"""


@dataclass
class Visitors:
    """People who act at random on whatever process runs; the world's file tells them what is."""

    house: House
    chance: random.Random
    answered: dict[str, str] = field(default_factory=dict)
    """What was surely done: the text said, or name joined, by the id that came back."""
    deleted: set[str] = field(default_factory=set)
    """Posts that were surely deleted."""
    unanswered: int = 0
    said: int = 0

    def act(self, running: Running) -> None:
        """Do one thing; raises Gone when the process went away meanwhile."""
        deeds: list[Callable[[Running], None]] = [self.join, self.repost, self.consent, self.delete]
        deeds += [self.reply, self.clock, self.regret] * 2 + [self.post] * 4 + [self.ask]
        try:
            self.chance.choice(deeds)(running)
        except Refused as refusal:
            if not str(refusal).startswith(("that post is gone", "nothing is due")):
                raise
        except Gone:
            self.unanswered += 1
            raise

    def join(self, running: Running) -> None:
        """Somebody new."""
        name = f"Guest {self._next()}"
        self.answered[running.send("join", name=name)] = name

    def post(self, running: Running) -> None:
        """Say something, often with tags, sometimes twice the same."""
        count = self.chance.choice([0, 1, 1, 1, 2, 3])
        tags = " ".join(f"#{tag}" for tag in self.chance.choices(TAGS, k=count))
        text = f"Thought {self._next()} {tags}".strip()
        self.answered[running.send("post", me=self._person(), place="lobby", text=text)] = text

    def reply(self, running: Running) -> None:
        """Answer somebody, Weaver's posts included."""
        if post := self._some_post():
            text = f"Answer {self._next()} #TallyMathMS"
            made = running.send("reply", me=self._person(), to=post[0], text=text)
            self.answered[made] = text

    def repost(self, running: Running) -> None:
        """Pass somebody's post on."""
        post, me = self._some_post(), self._person()
        if post and post[1] != me:
            running.send("repost", me=me, post=post[0])

    def delete(self, running: Running) -> None:
        """Delete one's own post."""
        if post := self._some_post():
            running.send("delete", me=post[1], post=post[0])
            self.deleted.add(post[0])

    def regret(self, running: Running) -> None:
        """Delete what one has just said, perhaps while it is being passed on."""
        me, text = self._person(), f"Thought {self._next()} #TallyMathMS #TallyMathElem"
        made = running.send("post", me=me, place="lobby", text=text)
        self.answered[made] = text
        sleep(self.chance.uniform(0, 0.1))
        running.send("delete", me=me, post=made)
        self.deleted.add(made)

    def consent(self, running: Running) -> None:
        """Say yes or no to being passed on."""
        word = self.chance.choice(["yes", "yes", "no"])
        self._command(running, self._person(), f"amplify {word}")

    def ask(self, running: Running) -> None:
        """Ask for something; a host also writes prompts for the next chat."""
        prompts = " / ".join(f"Question {self._next()}?" for _ in range(self.chance.choice([1, 3])))
        asked = self.chance.choice(["pulse share", "help", "no such thing"])
        if self.chance.random() < 0.5:
            self._command(running, HOST, f"chats prompts 1 {prompts}")
        else:
            self._command(running, self._person(), asked)

    def clock(self, running: Running) -> None:
        """Move on to the next thing due."""
        running.send("clock", to="next")

    def _command(self, running: Running, person: str, text: str) -> None:
        self.answered[running.send("command", me=person, text=text)] = f"@Weaver {text}"

    def _next(self) -> int:
        self.said += 1
        return self.said

    def _person(self) -> str:
        people = self.house.world("SELECT id FROM person ORDER BY rowid DESC LIMIT 12")
        return str(self.chance.choice(people)[0])

    def _some_post(self) -> tuple[str, str] | None:
        posts = self.house.world(STANDING)
        return self.chance.choice(posts)[:2] if posts else None  # type: ignore[return-value]
