"""`tecum serve`: the web server."""

import argparse
import os
import sys

from tecum.config import env


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the noun to the parser."""
    noun = commands.add_parser("serve", help="the web server (gunicorn) on one address")
    noun.add_argument(
        "--bind", default=env.text("BIND", "127.0.0.1:8000"), help="host:port (default %(default)s)"
    )
    noun.add_argument(
        "--workers", type=int, default=int(env.text("WORKERS", "2")), help="processes (default %(default)s)"
    )
    noun.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Become gunicorn: sync workers of one thread each, because threads make SQLite writers fight."""
    words = [
        "gunicorn",
        "tecum.config.wsgi",
        "--bind",
        options.bind,
        "--workers",
        str(options.workers),
        "--no-control-socket",
        "--log-level",
        env.text("LOG_LEVEL", "INFO").lower(),
        "--access-logfile",
        "/dev/null",
    ]
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", *words])  # noqa: S606
