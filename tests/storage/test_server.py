"""The tests' own PostgreSQL leaves with them, however they leave."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.storage.databases import Server

PROGRAM = """
import time
from tests.storage.server import running

with running() as address:
    print(address, flush=True)
    time.sleep(600)
"""


def test_a_killed_run_leaves_no_server_and_no_files(postgres: Server) -> None:
    if "unix_sock=" not in postgres.address:
        pytest.skip("the server of TEST_DATABASE_URL is not ours to look at")
    root = str(Path(__file__).parents[2])
    tests = subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": root},
    )
    with tests:
        assert tests.stdout is not None
        found = re.search("unix_sock=(.*)/", tests.stdout.readline())
        assert found is not None
        folder = Path(found[1])
        server = int((folder / "data" / "postmaster.pid").read_text().splitlines()[0])
        assert is_alive(server)
        tests.send_signal(signal.SIGKILL)

    for _ in range(600):
        if not is_alive(server) and not folder.exists():
            return
        time.sleep(0.05)
    pytest.fail(f"process {server} or {folder} is still there")


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
