"""Whoever asks Weaver what it is hears who looks after it, and how to reach them."""

import pytest

from bot.testing import ADA, HOST
from plugins.amplify import plugin
from tests.plugins.amplify.conftest import ROSES, Garden

SAID = "A person looks after this bot: hana@garden.example"


class Known(Garden):
    contact = "hana@garden.example"


@pytest.mark.parametrize("asked", ["help", "me", "amplify status", "amplify why 1"])
def test_people_hear_it_where_they_would_look(asked: str) -> None:
    bots = [kind(plugin, routes=[ROSES]) for kind in (Known, Garden)]
    for bot in bots:
        bot.posts(ADA, "Mildew? #Roses")

    told, silent = (bot.calls(ADA, asked) for bot in bots)

    assert told.count(SAID) == 1
    assert silent == told.replace(SAID, "").rstrip()


def test_hosts_who_look_after_posts_are_not_told_with_each() -> None:
    bot = Known(plugin, routes=[ROSES])
    bot.posts(ADA, "Mildew? #Roses")

    assert SAID not in bot.calls(HOST, "amplify why 1")
    assert SAID in bot.calls(HOST, "help")
