"""Weaver's accounts on a real PDS, with people beside them, as a contract needs to see it."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.adapters.bluesky.adapter import BlueskyAdapter
from bot.adapters.bluesky.appview import AppView, View
from bot.adapters.bluesky.settings import Bluesky, BlueskySettings
from bot.domain.model import Space
from tests.adapters.bluesky.society import FakeView
from tests.adapters.contract import Grounds
from tests.adapters.notebook import Notebook
from tests.live.bluesky.network import PASSWORD, Network, Person

POST, REPOST = "app.bsky.feed.post", "app.bsky.feed.repost"
GENERATOR = "app.bsky.feed.generator"


class Crew:
    """Accounts that tests share, as it takes a while to open one."""

    def __init__(self, network: Network) -> None:
        self.people = {name: network.person(name) for name in ("weaver", "passing")}
        self.passwords = {name: one.app_password() for name, one in self.people.items()}
        self.priya = network.person("priya")


class BlueskyGrounds(Grounds):
    """Two accounts of Weaver's, ``weaver`` and ``passing``, and somebody called Priya."""

    lobby = Space("bluesky", "weaver", account="weaver")
    audience = Space("bluesky", "passing", account="passing")
    main_password = PASSWORD
    nowhere = Space("bluesky", "nobody", account="nobody")

    def __init__(
        self,
        network: Network,
        crew: Crew,
        service: str | None = None,
        data: Path = Path(),
    ) -> None:
        super().__init__()
        self.data = data
        self.network, self.service = network, service or network.pds
        self.people, self.passwords, self.priya = crew.people, crew.passwords, crew.priya
        self.notebook = Notebook()
        self.view: View = AppView() if network.appview else FakeView(open=True)
        """Where there is no AppView, everybody is seen to mind nothing."""
        self.adapter: BlueskyAdapter = self.started()

    def started(self, seconds: Callable[[], float] = time.time, **passwords: str) -> BlueskyAdapter:
        """An adapter as after a start, which remembers what earlier ones wrote down."""
        accounts = {name: {"id": one.handle} for name, one in self.people.items()}
        settings = BlueskySettings.model_validate({"service": self.service, "accounts": accounts})
        bluesky = Bluesky(settings, self.passwords | passwords, self.data, "https://fe.example")
        languages, view = {"#TallyMath": "cy"}, self.view
        return BlueskyAdapter(bluesky, self.notebook, languages, seconds=seconds, view=view)

    def spoil_sessions(self) -> None:
        """Let every remembered session be one that the server no longer knows."""
        for name, page in self.notebook.pages.items():
            if name.startswith("session:"):
                kept = json.loads(page)
                handle, did, access, refresh, pds = kept["session"].split(":::")
                access, refresh = (token[:-8] + "AAAAAAAA" for token in (access, refresh))
                kept["session"] = f"{handle}:::{did}:::{access}:::{refresh}:::{pds}"
                self.notebook.pages[name] = json.dumps(kept)

    def close(self) -> None:
        self.loop.run(self.adapter.close())
        self.loop.close()
        for person in (*self.people.values(), self.priya):
            person.tidies()

    def says(self, text: str) -> str:
        return self.priya.posts(text)

    def deletes(self, post: str) -> None:
        self.priya.deletes(post)

    def seen(self) -> list[str]:
        posts = [post["value"]["text"] for name in self.people for post in self.posts(name)]
        reposts = [
            repost["value"]["subject"]["uri"]
            for person in self.people.values()
            for repost in person.records(REPOST)
        ]
        return [*posts, *reposts]

    def feeds(self) -> list[str]:
        offered = [one for person in self.people.values() for one in person.records(GENERATOR)]
        return [one["value"]["displayName"] for one in offered]

    def posts(self, name: str = "weaver") -> list[dict[str, Any]]:
        """An account's posts: what starts a thread first, then replies, oldest first."""
        found = self.people[name].records(POST)
        return sorted(found, key=lambda one: ("reply" in one["value"], one["value"]["createdAt"]))

    def person(self, name: str) -> Person:
        return self.people[name]
