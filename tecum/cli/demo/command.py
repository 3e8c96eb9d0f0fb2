"""`tecum demo`: makes an installation of its own in a folder, fills it once, and runs it until Ctrl-C."""

import argparse
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

from tecum.cli.demo import cast
from tecum.kernel.refusals import Refused

ROOT = Path(__file__).resolve().parents[3]
FILLED = "filled"
PATIENCE = 60  # seconds for the web server to answer


class CannotStart(Refused):
    """The demo cannot start; the sentence says what to do."""


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the noun to the parser."""
    noun = commands.add_parser("demo", help="an invented carrier on loopback, ready to click")
    noun.add_argument("--reset", action="store_true", help="throw the demo's data away and start over")
    noun.add_argument("--port", type=int, default=8000, help="port on 127.0.0.1 (default %(default)s)")
    noun.add_argument(
        "--folder", type=Path, default=ROOT / "var" / "demo", help="where it lives (default %(default)s)"
    )
    noun.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """
    Start the demo: database, data on the first start, the jobs, the web server.

    :raises CannotStart: when the port is taken or a step fails
    """
    folder: Path = options.folder
    if options.reset and folder.exists():
        shutil.rmtree(folder)
    _free(options.port)
    environment = _environment(folder, options.port)
    first = not (folder / FILLED).exists()
    if first:
        _make(folder, environment)
    _tecum(environment, "manage", "migrate", "--verbosity", "0")
    _tecum(environment, "manage", "collectstatic", "--noinput", "--verbosity", "0")
    return _serve(environment, options.port, first=first)


def _free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise CannotStart(f"Port {port} is taken. Try: ./run demo --port {port + 1}") from None


def _environment(folder: Path, port: int) -> dict[str, str]:
    """Return the settings of this demo: everything in its folder, plain HTTP on loopback only."""
    folder.mkdir(parents=True, exist_ok=True)
    secret = folder / "secret.key"
    if not secret.exists():
        secret.touch(mode=0o600)
        secret.write_text(secrets.token_urlsafe(48))
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TECUM_")}
    return {
        **kept,
        "TECUM_DATA": str(folder),
        "TECUM_SECRET_KEY_FILE": str(secret),
        "TECUM_GUIDE": str(ROOT / "guides" / "halyard"),
        "TECUM_INSECURE_LOOPBACK": "1",
        "TECUM_DEMO": "1",
        "TECUM_PUBLIC_ADDRESS": f"http://127.0.0.1:{port}",
        "TECUM_SMTP": f"folder:{folder / 'outgoing'}",  # nothing leaves the machine; each message is a file there
        "TECUM_MAIL_AUTHSERV_ID": cast.BORDER,
        "TECUM_LOG_LEVEL": "WARNING",
        "DJANGO_SETTINGS_MODULE": "tecum.config.settings",
    }


def _make(folder: Path, environment: dict[str, str]) -> None:
    """Make the installation and fill it; what a stopped attempt left is thrown away first."""
    _say("Making the demo (about a minute, once):")
    for left in folder.iterdir():
        if left.name != "secret.key":
            shutil.rmtree(left) if left.is_dir() else left.unlink()
    _tecum(environment, "audit", "key")
    _tecum(environment, "keys", "create")
    _tecum(environment, "manage", "migrate", "--verbosity", "0")
    _tecum(environment, "manage", "createcachetable", "--verbosity", "0")
    _tecum(environment, "keys", "signing")  # after the tables: they say which guide names the carrier
    _tecum(environment, "demo-fill", str(folder))
    (folder / FILLED).touch()


def _tecum(environment: dict[str, str], *words: str) -> None:
    done = subprocess.run([sys.executable, "-m", "tecum", *words], env=environment, cwd=ROOT)  # noqa: S603
    if done.returncode:
        raise CannotStart(f"`tecum {' '.join(words)}` failed. Start over with: ./run demo --reset")


def _serve(environment: dict[str, str], port: int, *, first: bool) -> int:
    """Run jobs, watcher and web server as processes of their own until Ctrl-C or SIGTERM, then end all."""
    start = [sys.executable, "-m", "tecum"]
    processes = [
        subprocess.Popen([*start, "jobs", "run"], env=environment, cwd=ROOT),  # noqa: S603
        subprocess.Popen([*start, "assurance", "watch"], env=environment, cwd=ROOT),  # noqa: S603
        subprocess.Popen([*start, "serve", "--bind", f"127.0.0.1:{port}"], env=environment, cwd=ROOT),  # noqa: S603
    ]

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    try:
        _wait(port, processes)
        _welcome(port, first=first)
        while all(process.poll() is None for process in processes):
            time.sleep(0.5)
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(20)


def _wait(port: int, processes: "list[subprocess.Popen[bytes]]") -> None:
    for _ in range(PATIENCE * 10):
        if any(process.poll() is not None for process in processes):
            raise CannotStart("A part of the demo ended at once; what it said stands above.")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise CannotStart("The web server did not answer within a minute.")


def _welcome(port: int, *, first: bool) -> None:
    kept = "" if first else " The data of the last start were kept; --reset starts over."
    _say(f"\nTecum's demo is ready.{kept}\n")
    _say(f"    http://127.0.0.1:{port}/demo/    one click per role")
    _say(f"    http://127.0.0.1:{port}/         the public page of Halyard Wholesale, an invented carrier\n")
    _say("Nothing leaves this machine. Try these numbers as the officer:")
    _say(
        "    (292) 555-0142   served by Tern & Plover Voice, Inc. since 1 June 2022, in April 2022 by somebody else"
    )
    _say("    (392) 555-0163   in service, but its customer has not consented: no result\n")
    _say(
        f"To sign in as anybody does: password “{cast.PASSWORD}”; a second factor is enrolled at the first visit."
    )
    for person in cast.PEOPLE:
        _say(f"    {person.role:<28}{person.email}")
    _say("\nCtrl-C ends it.")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
