"""A server of our own for a bar that is asked through the wire: its settings, its port, its start and its end."""

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path


def settle(name: str) -> Path:
    """Make a folder for one run and point the settings at it, before Django reads them; return the folder."""
    folder = Path(tempfile.mkdtemp(prefix=f"tecum-{name}-"))
    os.environ |= {
        "TECUM_DATA": str(folder),
        "TECUM_SECRET_KEY": "only-for-benchmarks-" + "x" * 40,
        "TECUM_INSECURE_LOOPBACK": "1",
        "TECUM_LOG_LEVEL": "ERROR",
        "TECUM_HOSTS": "127.0.0.1",
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
    }
    return folder


@contextlib.contextmanager
def served() -> Iterator[int]:
    """Serve with two workers on a port of loopback that nobody listens on; yield the port once it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    words = [sys.executable, "-m", "tecum", "serve", "--bind", f"127.0.0.1:{port}", "--workers", "2"]
    with subprocess.Popen(words) as server:
        try:
            _wait(port)
            yield port
        finally:
            server.terminate()


def _wait(port: int) -> None:
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("The server did not answer in half a minute.")
