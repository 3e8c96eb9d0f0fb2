"""`tecum mail …`: the doors through which messages come in, and how the mailroom stands."""

import argparse
import asyncio
import getpass
import signal
import socket
import sys
import threading
from pathlib import Path
from types import FrameType

from tecum.access.catalogue import PERMISSIONS
from tecum.cli import mail_doctor
from tecum.config import clock, env
from tecum.inbox import queries
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import Refused
from tecum.mailroom import ingesting, listener, poller
from tecum.policy import queries as policy


class NoSuchMailbox(Refused):
    """A mailbox that the guide does not have."""


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the noun to the parser."""
    noun = commands.add_parser(
        "mail", help="messages received: the doors they come through, and the mailroom"
    )
    verbs = noun.add_subparsers(dest="verb", required=True, metavar="VERB")
    mail_doctor.register(verbs)
    listen = verbs.add_parser(
        "listen", help="take messages from the mail system in front of us, by LMTP or SMTP"
    )
    listen.add_argument("--protocol", choices=("lmtp", "smtp"), default="lmtp", help="(default %(default)s)")
    listen.add_argument(
        "--bind", default=env.text("MAIL_LISTEN", "127.0.0.1:8024"), help="host:port (default %(default)s)"
    )
    listen.set_defaults(run=run_listener)
    poll = verbs.add_parser("poll", help="take messages from a mailbox on another server, by IMAP with IDLE")
    poll.add_argument("--once", action="store_true", help="take what is there, then end")
    poll.set_defaults(run=run_poller)
    ingest = verbs.add_parser(
        "ingest", help="take a message, an mbox or an Outlook .msg from files; - for a pipe"
    )
    ingest.add_argument("files", nargs="+", metavar="FILE")
    ingest.add_argument("--to", default="", metavar="ADDRESS", help="the address that they were sent to")
    ingest.add_argument("--mailbox", default="", help="the guide's mailbox that they came to, by its id")
    ingest.set_defaults(run=run_ingest)
    status = verbs.add_parser(
        "status", help="what came in and what became of it; exit 1 when the counts disagree"
    )
    status.set_defaults(run=show_status)


def run_listener(options: argparse.Namespace) -> int:
    """Listen until told to stop."""
    host, _, port = options.bind.rpartition(":")
    try:
        where = socket.create_server((host.strip("[]"), int(port)), family=_family(host))
    except (OSError, ValueError) as fault:
        raise Refused(f"Cannot listen at {options.bind}: {fault}") from None

    def ready() -> None:
        at = where.getsockname()
        sys.stdout.write(f"Taking {options.protocol.upper()} at {at[0]}:{at[1]}\n")
        sys.stdout.flush()

    asyncio.run(listener.listen(options.protocol, where, clock=clock.now, ready=ready))
    return 0


def run_poller(options: argparse.Namespace) -> int:
    """Take what is in the mailbox; without `--once` until told to stop."""
    account = _account()
    if options.once:
        with poller.opened(account) as box:
            count = poller.take_all(box, account, clock=clock.now)
        sys.stdout.write(f"{count} messages taken.\n")
        return 0
    stop = threading.Event()

    def told(_number: int, _frame: FrameType | None) -> None:
        stop.set()
        raise SystemExit(
            0
        )  # IDLE waits in the kernel: what is taken is committed, what is not is still there

    signal.signal(signal.SIGTERM, told)
    signal.signal(signal.SIGINT, told)
    poller.keep_taking(account, clock=clock.now, stop=stop)
    return 0


def run_ingest(options: argparse.Namespace) -> int:
    """Take files in and say how they are called here."""
    if options.mailbox:
        _known_mailbox(options.mailbox)
    by = Actor.operator(getpass.getuser(), frozenset(PERMISSIONS))
    for name in options.files:
        try:
            content = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        except OSError as fault:
            raise Refused(f"Cannot read {name}: {fault.strerror}") from None
        taken = ingesting.ingest(content, to=options.to, mailbox=options.mailbox, by=by, now=clock.now())
        for each in taken:
            sys.stdout.write(f"{each.reference}{'' if each.fresh else ' (came before)'}\n")
        if not taken:
            raise Refused(f"There is no message in {name}.")
    return 0


def show_status(_options: argparse.Namespace) -> int:
    """Say what came in, what waits, and whether nothing was lost."""
    tally, (waiting, late) = queries.tally(), queries.waiting(now=clock.now())
    lines = [
        f"{tally.stored:>8}  received",
        f"{queries.unread():>8}  not read yet",
        f"{waiting:>8}  wait for a person, {late} longer than promised",
        *(f"{count:>8}  {klass.value.replace('_', ' ')}" for klass, count in tally.by_class.items()),
        f"{queries.unrouted():>8}  classified and not handed on yet",
        f"{queries.resting():>8}  of those that wait are in a class that a person works on",
    ]
    verdict = (
        "Every message is in exactly one class or queued."
        if tally.holds
        else "THE COUNTS DISAGREE: call support."
    )
    sys.stdout.write("\n".join(lines) + f"\n{verdict}\n")
    return 0 if tally.holds else 1


def _account() -> poller.Account:
    host = env.text("IMAP_HOST")
    if not host:
        raise poller.NoMailbox(
            "Set TECUM_IMAP_HOST, _USER, _PASSWORD_FILE and _MAILBOX (docs/how-to/receive-mail.md)."
        )
    security = env.text("IMAP_SECURITY", "tls")
    port = int(env.text("IMAP_PORT", "993" if security == "tls" else "143"))
    mailbox = env.text("IMAP_MAILBOX", "portal")
    return poller.Account(
        host, port, env.text("IMAP_USER"), env.text("IMAP_PASSWORD"), _known_mailbox(mailbox),
        env.text("IMAP_FOLDER", "INBOX"), security,
    )  # fmt: skip


def _known_mailbox(mailbox: str) -> str:
    known = [box.id for box in policy.at(clock.now()).mailboxes]
    if mailbox not in known:
        raise NoSuchMailbox(f"The guide has no mailbox '{mailbox}'; there are: {', '.join(known)}.")
    return mailbox


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
