"""Bring the reference PDS that the Bluesky tests speak to; run as a module: npm ci, where needed.

It takes Node 20 or 22, npm and a C++ compiler, as one of its packages is compiled (1-2 minutes).
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
MODULES = HERE / "node_modules"
STAMP = MODULES / ".weaver-lock"
OLDEST, NEWEST = 20, 22
MISSING = (
    f"the reference PDS is not here: install Node {OLDEST} or {NEWEST}, npm and a C++ compiler, "
    "and run `make live`"
)


def node() -> str | None:
    """Return the Node to run it with; None where there is none that can."""
    found = shutil.which("node")
    if found is None:
        return None
    said = subprocess.run([found, "--version"], check=False, capture_output=True, text=True)
    version = re.match(r"v(\d+)", said.stdout)
    return found if version and OLDEST <= int(version[1]) <= NEWEST else None


def is_here() -> bool:
    """Whether what the lock file names is installed."""
    return STAMP.exists() and STAMP.read_text("ascii") == _lock()


def _lock() -> str:
    return hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()


def main() -> None:
    """Install it unless it is here; where that cannot be, say why the tests will not run."""
    if not is_here() and node() and shutil.which("npm"):
        print("Installing the reference PDS for the Bluesky tests (1-2 minutes).", flush=True)
        where = os.environ | {"npm_config_build_from_source": "true"}
        if Path("/usr/include/node").is_dir():
            where["npm_config_nodedir"] = "/usr"
        ran = subprocess.run(
            ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"],
            check=False,
            cwd=HERE,
            env=where,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        if ran.returncode == 0:
            STAMP.write_text(_lock(), "ascii")
    if not is_here() or node() is None:
        print(f"The Bluesky tests cannot run: {MISSING}.", file=sys.stderr)


if __name__ == "__main__":
    main()
