"""Make .venv ready to run or to develop Weaver from the lock files; say nothing when it is.

The Makefile calls it as `python3 scripts/setup_venv.py run|develop`; with `--ready` it tells only
by its exit code whether there is nothing to do. It must parse on a Python too old for Weaver, so
that it can say so in one line.
"""

import fcntl
import hashlib
import importlib.util
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYPROJECT = ROOT / "pyproject.toml"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UNFINISHED = VENV / "unfinished"
LOCKS = {"run": ROOT / "requirements.txt", "develop": ROOT / "requirements-dev.txt"}
SERVES = {"run": ("run",), "develop": ("develop", "run")}


def unfit() -> str:
    """Say in one line why this Python cannot make the environment; empty when it can."""
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    if sys.version_info < (3, 11):  # noqa: UP036 - this file also runs on what is too old
        return (
            f"Weaver needs Python 3.11 or newer and found {version}: install a newer one, "
            "or name it: make PYTHON=/path/to/python3"
        )
    if not (importlib.util.find_spec("ensurepip") and importlib.util.find_spec("venv")):
        return (
            f"Python {version} lacks its venv module: on Debian and Ubuntu "
            f"`sudo apt install python{version}-venv` brings it."
        )
    return ""


def fingerprint(lock: Path, pyproject: Path) -> str:
    """Name what an installation depends on: locked packages and the project's own metadata."""
    import tomllib

    settings = tomllib.loads(pyproject.read_text(encoding="utf-8"))
    own = [settings["build-system"], settings["project"], settings["tool"]["setuptools"]]
    described = json.dumps([str(ROOT), own], sort_keys=True).encode()
    return hashlib.sha256(lock.read_bytes() + described).hexdigest()


def stamp(purpose: str) -> Path:
    """Locate the file that holds the fingerprint of what was last installed whole."""
    return VENV / f"ready-to-{purpose}"


def is_ready(purpose: str) -> bool:
    """Tell whether .venv holds, whole, what the lock file names."""
    parts = [PYTHON, VENV / "bin" / "weaver", stamp(purpose)]
    if UNFINISHED.exists() or not all(part.exists() for part in parts):
        return False
    return stamp(purpose).read_text(encoding="utf-8") == fingerprint(LOCKS[purpose], PYPROJECT)


def is_usable() -> bool:
    """Tell whether .venv was left whole and its Python is fit and has pip."""
    if UNFINISHED.exists() or not PYTHON.exists():
        return False
    probe = "import pip, sys; sys.exit(sys.version_info < (3, 11))"
    ran = subprocess.run([str(PYTHON), "-c", probe], check=False, stderr=subprocess.DEVNULL)
    return ran.returncode == 0


class Setup:
    """One set-up, which holds the lock for as long as anything that it started runs."""

    def __init__(self, doorkeeper: int) -> None:
        self._doorkeeper = doorkeeper

    def prepare(self, purpose: str) -> None:
        """Bring .venv up to date; leave `unfinished` in it if killed, so the next starts over."""
        if is_ready(purpose):
            return
        if not is_usable():
            self._create()
        UNFINISHED.touch()
        print(f"Installing what Weaver needs to {purpose}, from {LOCKS[purpose].name}.", flush=True)
        try:
            self._install(LOCKS[purpose])
        except subprocess.CalledProcessError as stopped:
            if stopped.returncode > 0:  # pip cleans up after itself unless it was killed
                UNFINISHED.unlink()
            raise
        for served in SERVES[purpose]:
            stamp(served).write_text(fingerprint(LOCKS[served], PYPROJECT), encoding="utf-8")
        UNFINISHED.unlink()

    def _create(self) -> None:
        """Make the environment; one without pip counts as unusable until it is marked."""
        if VENV.exists():
            print("Starting .venv over: a set-up was interrupted, or its Python is gone.")
        print("Making .venv (once; a minute or two).", flush=True)
        self._run(sys.executable, "-m", "venv", "--clear", "--without-pip", str(VENV))
        UNFINISHED.touch()
        self._run(str(PYTHON), "-m", "ensurepip", "--default-pip", output=subprocess.DEVNULL)

    def _install(self, lock: Path) -> None:
        """Install the locked packages by hash, then the project from this folder, offline."""
        pip = (str(PYTHON), "-m", "pip", "-qq", "--disable-pip-version-check", "--no-input")
        self._run(*pip, "install", "--require-hashes", "--requirement", str(lock))
        offline = ("--no-index", "--no-deps", "--no-build-isolation")
        self._run(*pip, "install", *offline, "--editable", str(ROOT))

    def _run(self, *command: str, output: "int | None" = None) -> None:
        subprocess.run(command, check=True, stdout=output, pass_fds=[self._doorkeeper])


def main() -> None:
    """Set up, or leave with one line that names the cure."""
    reason = unfit()
    if reason:
        sys.exit(reason)
    purpose = sys.argv[1]
    if is_ready(purpose):
        return
    if "--ready" in sys.argv:
        sys.exit(1)
    try:
        with PYPROJECT.open("rb") as doorkeeper:
            fcntl.flock(doorkeeper, fcntl.LOCK_EX)
            Setup(doorkeeper.fileno()).prepare(purpose)
    except subprocess.CalledProcessError:
        sys.exit("The set-up stopped for the reason above; once that is mended, run make again.")
    except KeyboardInterrupt:
        sys.exit("The set-up was interrupted; run make again to start it over.")


if __name__ == "__main__":
    main()
