"""The network that tests stand on: its AppView shows what is so, and nothing is left of it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.live.bluesky.network import Network

PROGRAM = """
import time
from tests.live.bluesky.network import with_appview

with with_appview() as network:
    print(network.appview, flush=True)
    time.sleep(600)
"""


def test_the_appview_shows_what_was_written_until_now(full_network: Network) -> None:
    priya, joel = full_network.person("priya"), full_network.person("joel")
    post = priya.posts("A counter each, and one question. #TallyMath")
    answer = joel.answers(post, "Two counters here.")
    full_network.indexed()

    thread = joel.asks("app.bsky.feed.getPostThread", uri=post)["thread"]
    found = joel.asks("app.bsky.feed.searchPosts", q="#TallyMath")["posts"]

    assert [one["post"]["uri"] for one in thread["replies"]] == [answer]
    assert [one["uri"] for one in found] == [post]


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="processes are found in /proc")
def test_nothing_outlives_a_run_that_is_killed(full_network: Network) -> None:
    del full_network  # only so that this is skipped where there is none
    run = subprocess.Popen([sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, text=True)
    assert run.stdout is not None
    assert run.stdout.readline().startswith("http://127.0.0.1:")
    begun = descendants(run.pid)
    assert len(begun) > 3, "a PDS, a PostgreSQL, and what that starts"

    run.send_signal(signal.SIGKILL)
    run.wait()
    run.stdout.close()

    end = time.monotonic() + 30
    while left := [pid for pid in begun if alive(pid)]:
        assert time.monotonic() < end, f"still there: {left}"
        time.sleep(0.05)


def descendants(pid: int) -> list[int]:
    """All processes that a process started, and what these started."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    return [one for child in map(int, children) for one in (child, *descendants(child))]


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return b"State:\tZ" not in Path(f"/proc/{pid}/status").read_bytes()
