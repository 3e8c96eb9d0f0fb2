"""
`python -m tests.postgres COMMAND…` starts a PostgreSQL of its own in a temporary folder, runs the
command with TECUM_DATABASE_URL set to it, and takes everything away again.

PostgreSQL refuses to run as root: then it runs as the user `postgres` that its Debian package makes.
"""

import contextlib
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

THROWN_AWAY = "TECUM_TEST_CLUSTER"  # set while the cluster is one of ours


def programs() -> Path:
    """Return the folder of initdb and pg_ctl, newest version first."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    if found:
        return found[-1].parent
    if initdb := shutil.which("initdb"):
        return Path(initdb).parent
    raise SystemExit("PostgreSQL is not installed: sudo apt-get install postgresql")


def as_owner(*command: str) -> None:
    """Run a command, as the user `postgres` where we are root."""
    identity = (
        {"user": "postgres", "group": pwd.getpwnam("postgres").pw_gid, "extra_groups": []}
        if os.getuid() == 0
        else {}
    )
    done = subprocess.run(command, capture_output=True, text=True, cwd="/", **identity)  # type: ignore[call-overload]
    if done.returncode:
        raise SystemExit(f"{command[0]} failed: {done.stdout}{done.stderr}")


@contextlib.contextmanager
def cluster() -> Iterator[str]:
    """Yield the address of a fresh cluster that listens on a socket only."""
    folder = Path(tempfile.mkdtemp(prefix="tecum-pg-"))
    bin_ = programs()
    try:
        if os.getuid() == 0:
            shutil.chown(folder, "postgres")
        data = str(folder / "data")
        as_owner(str(bin_ / "initdb"), "-D", data, "-U", "tecum", "-A", "trust", "-E", "UTF8", "--no-sync")
        # Nothing outlives this cluster, so nothing is forced to disk; killing a process of ours loses nothing by it.
        unforced = (
            "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_wal_size=4GB -c jit=off"
        )
        options = f"{unforced} -c listen_addresses='' -c unix_socket_directories={folder} -c max_connections=200 -c shared_buffers=256MB"
        as_owner(str(bin_ / "pg_ctl"), "-D", data, "-l", str(folder / "log"), "-w", "-o", options, "start")
        try:
            yield f"postgresql://tecum@{quote(str(folder), safe='')}/postgres"
        finally:
            as_owner(str(bin_ / "pg_ctl"), "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    with cluster() as address:
        outcome = subprocess.run(
            sys.argv[1:], env={**os.environ, "TECUM_DATABASE_URL": address, THROWN_AWAY: "1"}
        )
    raise SystemExit(outcome.returncode)
