"""One Weaver on a data folder, and a killed one holds nothing."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.storage.lock import NAME, Taken, exclusive

ROOT = Path(__file__).parents[2]
HOLD = """
import sys, time
from pathlib import Path
from bot.storage.lock import exclusive

with exclusive(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(600)
"""


@contextmanager
def another(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Run another process that holds the folder."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def test_a_second_weaver_is_refused_and_told_which_process_and_folder(tmp_path: Path) -> None:
    with another(tmp_path) as process, pytest.raises(Taken) as refusal, exclusive(tmp_path):
        pytest.fail("two hold one folder")

    words = str(refusal.value)
    assert f"process {process.pid}" in words
    assert str(tmp_path) in words
    assert "WEAVER_DATA" in words
    assert "\n" not in words


def test_a_refused_weaver_leaves_the_name_of_the_first(tmp_path: Path) -> None:
    with another(tmp_path) as process:
        for _ in range(2):
            with pytest.raises(Taken, match=f"process {process.pid}"), exclusive(tmp_path):
                pytest.fail("two hold one folder")


def test_kill_9_frees_the_folder(tmp_path: Path) -> None:
    with another(tmp_path) as process:
        process.send_signal(signal.SIGKILL)
        process.wait()

        with exclusive(tmp_path):
            assert (tmp_path / NAME).read_text() == f"{os.getpid()}\n"


def test_the_folder_is_free_again_after_an_error_inside(tmp_path: Path) -> None:
    def fail() -> None:
        with exclusive(tmp_path):
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with exclusive(tmp_path):
        pass


def test_only_this_user_may_read_the_lock(tmp_path: Path) -> None:
    with exclusive(tmp_path):
        assert (tmp_path / NAME).stat().st_mode & 0o777 == 0o600
