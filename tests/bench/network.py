"""A made-up hour of the whole network, as Jetstream tells it: kinds, sizes and habits measured."""

from __future__ import annotations

import json
import random
from collections import deque
from collections.abc import Iterator
from typing import Any

TAGS = (
    "OpenTable", "LTHEchat", "PhDVoice", "zürich", "データ可視化", "100DaysOfCode", "RStats",
    *(f"Community{number}" for number in range(300)),
)  # fmt: skip
KINDS = {
    "like": 50, "post": 25, "repost": 8, "follow": 6, "delete": 6, "block": 1, "profile": 1,
    "identity": 2, "play": 1,
}  # fmt: skip
TEXTS = {
    "en": "the of and to in you that was for are with his they this have from had not but",
    "de": "der die und von zu das mit sich für ist dem nicht auch es werden größer schön",
    "ja": "今日は とても いい天気 明日も 頑張ろう 新しい 写真を 猫が かわいい 仕事 終わった",
}
WORDS = {language: text.split() for language, text in TEXTS.items()}
OTHERS = ("art", "photography", "caturday", "news", "イラスト", "gamedev", "booksky")
_LETTERS = "234567abcdefghijklmnopqrstuvwxyz"


class Network:
    """Seeded; its memory of itself is bounded, so that what grows is the reader's."""

    def __init__(self, seed: int = 7, tagged: float = 0.04) -> None:
        self.chance, self.tagged = random.Random(seed), tagged
        self.time = 1_779_719_009_000_000
        self.people = [f"did:plc:{self._letters(24)}" for _ in range(20_000)]
        self.recent = deque((self._post_uri() for _ in range(2000)), maxlen=2000)
        self.threads: deque[str] = deque(maxlen=2000)

    def lines(self, count: int) -> Iterator[bytes]:
        """Events, one a line."""
        for kind in self.chance.choices(list(KINDS), list(KINDS.values()), k=count):
            event = self._event(kind)
            yield json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()

    def _letters(self, count: int) -> str:
        return "".join(self.chance.choices(_LETTERS, k=count))

    def _person(self) -> str:
        return self.people[int(len(self.people) * self.chance.random() ** 2.2)]

    def _post_uri(self) -> str:
        return f"at://{self._person()}/app.bsky.feed.post/3mmoo{self._letters(8)}"

    def _ref(self) -> dict[str, str]:
        return {"cid": f"bafyrei{self._letters(52)}", "uri": self.chance.choice(self.recent)}

    def _event(self, kind: str) -> dict[str, Any]:
        self.time += self.chance.randrange(1, 1400)
        did = self._person()
        event: dict[str, Any] = {"did": did, "time_us": self.time, "kind": "commit"}
        if kind == "identity":
            return event | {"kind": kind, kind: {"did": did, "seq": self.time}}
        rkey, rev = f"3mmoo{self._letters(8)}", f"3mmoo{self._letters(8)}"
        if kind == "delete":
            collection = f"app.bsky.feed.{self.chance.choice(('like', 'like', 'post'))}"
            if self.threads and self.chance.random() < 0.02:
                _, _, event["did"], collection, rkey = self.chance.choice(self.threads).split("/")
            event["commit"] = {"rev": rev, "operation": "delete"}
            event["commit"] |= {"collection": collection, "rkey": rkey}
            return event
        collection, record = self._record(kind)
        made = {"rev": rev, "operation": "create", "collection": collection, "rkey": rkey}
        made |= {"record": {"$type": collection, **record}, "cid": f"bafyrei{self._letters(52)}"}
        if kind == "post":
            uri = f"at://{did}/{collection}/{rkey}"
            if self.chance.random() < 0.05:
                self.recent.append(uri)
            if record.pop("tracked"):
                self.threads.append(uri)
            made["record"].pop("tracked")
        return event | {"commit": made}

    def _record(self, kind: str) -> tuple[str, dict[str, Any]]:
        created = {"createdAt": "2026-05-25T14:23:28.778Z"}
        if kind == "post":
            return "app.bsky.feed.post", created | self._post()
        if kind in ("like", "repost"):
            return f"app.bsky.feed.{kind}", created | {"subject": self._ref()}
        if kind in ("follow", "block"):
            return f"app.bsky.graph.{kind}", created | {"subject": self._person()}
        about = {"description": self._words("en") + self._words("de"), "displayName": "Somebody"}
        return "app.bsky.actor.profile" if kind == "profile" else "fm.example.play", created | about

    def _words(self, language: str) -> str:
        count = min(60, max(1, int(self.chance.lognormvariate(2.4, 0.8))))
        return ("" if language == "ja" else " ").join(self.chance.choices(WORDS[language], k=count))

    def _post(self) -> dict[str, Any]:
        chance = self.chance
        language = chance.choice(("en", "en", "en", "de", "ja"))
        text, facets = self._words(language), []
        record: dict[str, Any] = {"tracked": chance.random() < self.tagged, "langs": [language]}
        tags = [chance.choice(TAGS)] if record["tracked"] else []
        if chance.random() < 0.14:
            tags += chance.sample(OTHERS, chance.randint(1, 3))
        for tag in tags:
            start = len(text.encode()) + 1
            text += f" #{tag}"
            if tag in OTHERS or chance.random() < 0.9:
                feature = {"$type": "app.bsky.richtext.facet#tag", "tag": tag}
                index = {"byteEnd": len(text.encode()), "byteStart": start}
                facets.append({"features": [feature], "index": index})
        kind = chance.random()
        if kind < 0.3:
            blob = {"$type": "blob", "ref": {"$link": f"bafkrei{self._letters(52)}"}, "size": 9}
            card = {"description": self._words("en") * 2, "thumb": blob, "uri": "https://a.example"}
            record["embed"] = {"$type": "app.bsky.embed.external", "external": card}
        elif kind < 0.36:
            record["embed"] = {"$type": "app.bsky.embed.record", "record": self._ref()}
        if facets:
            record["facets"] = facets
        if chance.random() < 0.42:
            root = self._ref()
            if self.threads and chance.random() < 0.02:
                root["uri"] = chance.choice(self.threads)
            parent = (
                {"cid": root["cid"], "uri": self._post_uri()} if chance.random() < 0.4 else root
            )
            record["reply"] = {"parent": parent, "root": root}
        return record | {"text": text}
