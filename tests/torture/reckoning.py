"""What must hold once a tortured Weaver has come to rest, read from its two files alone."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from dataclasses import dataclass

from tests.torture.process import House
from tests.torture.visitors import Visitors

PERFORMED = ("SendPost", "Reply", "Repost")
ROUTES = {
    "tallymathelem": ("TallyMathElem", "tag"),
    "tallymathms": ("TallyMathMS", "tag"),
    "tallymathmiddle": ("TallyMathMS", "tag"),
    "tallymathhs": ("TallyMathHS", "yes"),
}
RESTLESS = "SELECT count(*) FROM core_ledger WHERE state IN ('todo', 'sending', 'held')"


@dataclass
class Counts:
    """The outcome in figures."""

    acts: int = 0
    duplicates: int = 0
    missing: int = 0
    undone: int = 0
    greeted: int = 0
    passed_on: int = 0
    prompts: int = 0
    posts: int = 0


def at_rest(house: House) -> bool:
    """Whether everything that happened was heard, and everything decided was done."""
    latest = house.world("SELECT max(seq) FROM happening")
    cursor = house.memory("SELECT cursor FROM core_cursor WHERE platform = 'sandbox'")
    if not latest or not cursor or int(cursor[0][0]) < latest[0][0]:
        return False
    return house.memory(RESTLESS) == [(0,)]


def reckon(house: House, visitors: Visitors) -> Counts:
    """Hold the world against the ledger, and both against what people did."""
    counts = Counts()
    _acts(house, counts)
    _answered(house, visitors)
    _greetings(house, counts)
    _amplified(house, counts)
    chats_are_whole(house, counts)
    _posts(house, counts)
    return counts


def standing(house: House) -> Counter[str]:
    """How often each act is there to be seen."""
    posts = house.world("SELECT act FROM post WHERE act IS NOT NULL AND NOT deleted")
    return Counter(key for (key,) in [*posts, *house.world("SELECT act FROM passed")])


def _acts(house: House, counts: Counts) -> None:
    """Every act that is done exists once; what was taken back, or never was, does not."""
    seen = standing(house)
    kinds = ", ".join(f"'{kind}'" for kind in PERFORMED)
    ledger = house.memory(f"SELECT key, state, error FROM core_ledger WHERE kind IN ({kinds})")
    done = {key for key, state, _ in ledger if state == "done"}
    counts.acts = len(done)
    counts.duplicates = sum(seen[key] - 1 for key in seen)
    counts.missing = len(done - set(seen))
    counts.undone = sum(state in ("undone", "cancelled") for _, state, _ in ledger)
    assert set(seen) <= done, f"nobody decided these: {set(seen) - done}"
    assert (counts.duplicates, counts.missing) == (0, 0), (done ^ set(seen), seen.most_common(3))
    given_up = {error for _, state, error in ledger if state == "dead"}
    assert given_up <= {"the post is gone"}, given_up
    twice = house.world("SELECT act FROM post WHERE act IS NOT NULL GROUP BY act HAVING count(*)>1")
    assert not twice, "made twice, even if taken back since"


def _answered(house: House, visitors: Visitors) -> None:
    """What the page answered for is there, and nothing that anybody said is there twice."""
    people = dict(house.world("SELECT id, name FROM person"))
    posts = {
        identity: (text, deleted)
        for identity, text, deleted in house.world("SELECT 'p' || number, text, deleted FROM post")
    }
    for identity, text in visitors.answered.items():
        if identity in people:
            assert people[identity] == text
        else:
            said, deleted = posts[identity]
            assert deleted or said == text, (identity, said, text)
    assert all(posts[identity][1] for identity in visitors.deleted)
    own = house.world(
        "SELECT text FROM post WHERE author IS NOT NULL AND NOT deleted "
        "AND kind != 'repost' AND (text LIKE 'Thought %' OR text LIKE 'Answer %')"
    )
    assert len(own) == len(set(own))
    answers = house.world(
        "SELECT parent, count(*) FROM post WHERE author IS NULL AND act IS NULL GROUP BY parent"
    )
    assert all(count == 1 for _, count in answers), "a command was answered twice"


def _greetings(house: House, counts: Counts) -> None:
    """Everybody who joined was greeted once, and nobody else."""
    joined = house.world(
        "SELECT name FROM happening JOIN person ON person.id = happening.person WHERE kind = 'join'"
    )
    greetings = house.world("SELECT text FROM post WHERE act LIKE 'welcome:%' AND NOT deleted")
    greeted = [re.match(r"Hello (.+?), good to have you here\.", text) for (text,) in greetings]
    assert Counter(found[1] for found in greeted if found) == Counter(name for (name,) in joined)
    counts.greeted = len(greetings)


def _amplified(house: House, counts: Counts) -> None:
    """Live through what happened as amplify promises to, and compare."""
    words: dict[str, str] = {}
    expected: dict[str, tuple[str, set[str]]] = {}
    happenings = house.world(
        "SELECT happening.kind, 'p' || number, author, text, post.kind FROM happening "
        "LEFT JOIN post ON happening.post = 'p' || number ORDER BY seq"
    )
    for what, post, author, text, kind in happenings:
        if what == "delete":
            expected.pop(post, None)
        elif what == "post" and author and text.lower().startswith("@weaver amplify "):
            words[author] = text.split()[2]
            if words[author] == "no":
                expected = {one: of for one, of in expected.items() if of[0] != author}
        elif what == "post" and author and kind == "original" and words.get(author) != "no":
            audiences = {
                audience
                for tag in re.findall(r"#(\w+)", text.lower())
                for audience, asks in [ROUTES.get(tag, ("", ""))]
                if asks == "tag" or (asks == "yes" and words.get(author) == "yes")
            }
            expected[post] = (author, audiences)
    passed: dict[str, list[str]] = defaultdict(list)
    for post, place in house.world("SELECT post, place FROM passed"):
        passed[post].append(place)
    wanted = {post: sorted(audiences) for post, (_, audiences) in expected.items() if audiences}
    assert {post: sorted(places) for post, places in passed.items()} == wanted
    counts.passed_on = sum(map(len, passed.values()))


def chats_are_whole(house: House, counts: Counts) -> None:
    """Each session asked its questions once and in order, or says which it missed."""
    seen = dict(
        house.world("SELECT act, number FROM post WHERE act LIKE 'chats:%:chat:%' AND NOT deleted")
    )
    sessions = house.memory(
        "SELECT number, local, state, announced, prompts, missed FROM chats_session"
    )
    for number, local, state, _, prompts, missed in sessions:
        about = f":chat:{number}:{local.replace(':', '%3A')}:"
        numbers = {key.rpartition(":")[2]: post for key, post in seen.items() if about in key}
        count = len(json.loads(prompts))
        if state == "done":
            steps = ["hello", *(f"Q{step}" for step in range(1, count + 1)), "wrap-up"]
            wanted = [step for step in steps if f'"{step}"' not in missed]
            found = sorted((post, step) for step, post in numbers.items() if step in steps)
            assert [step for _, step in found] == wanted, (local, numbers, missed)
            counts.prompts += sum(step.startswith("Q") for step in numbers)


def _posts(house: House, counts: Counts) -> None:
    """The log of posts is the world's: people's, and beside them the bot's, marked."""
    logged = house.memory("SELECT post, author, bot FROM core_post ORDER BY post")
    people = house.world(
        "SELECT 'p' || number AS id, 'sandbox:' || author, 0 FROM post WHERE author IS NOT NULL "
        "AND NOT deleted AND text NOT LIKE '@weaver%' ORDER BY id"
    )
    bots = house.world(
        "SELECT 'p' || number AS id, 'sandbox:weaver', 1 FROM post "
        "WHERE author IS NULL AND NOT deleted ORDER BY id"
    )
    assert [row for row in logged if not row[2]] == people
    assert [row for row in logged if row[2]] == bots
    counts.posts = len(people)
