"""
Real mail servers for the tests, each with a folder of its own on loopback ports: a Postfix that hands everything to
our LMTP door, and a Dovecot whose mailboxes are read by IMAP. And our own commands in processes of their own.
"""

import contextlib
import itertools
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection

POSTFIX, DOVECOT = "/usr/sbin/postfix", "/usr/sbin/dovecot"
DOMAINS = "sinch.com inteliquent.com"
PATIENCE = (
    120.0  # seconds that a busy machine may take to start or end a process, which is no claim about ours
)


def _ports() -> Iterator[int]:
    """Ports of this process alone, below those that the kernel gives to whoever connects: no other worker takes one."""
    first = 12_000 + os.getpid() % 200 * 100
    yield from itertools.cycle(range(first, first + 100))


_own = _ports()


def free_port() -> int:
    for port in itertools.islice(_own, 100):
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("all of this process's hundred ports are taken")


def until(happens: Callable[[], object], seconds: float = PATIENCE) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if happens():
            return True
        time.sleep(0.05)
    return False


def answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def environment(**more: str) -> dict[str, str]:
    """The environment of a command of ours that works on the test's own database, files and keys."""
    name = str(connection.settings_dict["NAME"])
    address = os.environ.get("TECUM_DATABASE_URL", "")
    address = f"{address.rpartition('/')[0]}/{name}" if address.startswith("postgres") else f"sqlite:{name}"
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "TECUM_DATABASE_URL": address,
        "TECUM_DATA": str(settings.DATA),
        "TECUM_FILES": str(settings.MEDIA_ROOT),
        "TECUM_EPOCH_KEYS": str(settings.TECUM_EPOCH_KEYS),
        "TECUM_SEALING_KEY_FILE": str(settings.TECUM_SEALING_KEY_FILE),
        "TECUM_GUIDE": str(settings.TECUM_GUIDE),
        "TECUM_INVENTORY": str(settings.TECUM_INVENTORY),
        **more,
    }


@contextlib.contextmanager
def command(*words: str, **more: str) -> Iterator[subprocess.Popen[str]]:
    """Run `tecum …` in a process of its own; it is killed at the end if it still runs."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tecum", *words], env=environment(**more), stdout=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


@contextlib.contextmanager
def listening(protocol: str = "lmtp", **more: str) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """Run `tecum mail listen` and yield its port."""
    port = free_port()
    with command("mail", "listen", "--protocol", protocol, "--bind", f"127.0.0.1:{port}", **more) as process:
        assert process.stdout is not None
        assert "Taking" in process.stdout.readline()
        yield port, process


@contextlib.contextmanager
def postfix(
    lmtp_port: int, *, agency: str = "", people: Iterable[str] = (), store: Path | None = None
) -> Iterator[int]:
    """
    Start a Postfix of our own that hands mail for our domains to an LMTP port; yield its SMTP port.

    Mail for the people of an agency's domain it lays into their mailboxes in `store`, where a Dovecot shows it to them.
    """
    folder = Path(tempfile.mkdtemp(prefix="tecum-postfix-"))
    folder.chmod(0o755)
    port = free_port()
    for name in ("queue", "data"):
        (folder / name).mkdir()
    shutil.chown(folder / "data", "postfix")
    main = f"""
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
mail_owner = postfix
setgid_group = postdrop
myhostname = mx.carrier.example
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
virtual_mailbox_domains = {DOMAINS}
virtual_transport = lmtp:inet:127.0.0.1:{lmtp_port}
message_size_limit = 104857600
mailbox_size_limit = 0
virtual_mailbox_limit = 0
maillog_file = {folder}/maillog
maillog_file_prefixes = {folder}
minimal_backoff_time = 1s
maximal_backoff_time = 2s
queue_run_delay = 1s
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
alias_maps =
alias_database =
"""
    if store is not None:
        (folder / "transport").write_text(f"{agency} virtual:\n")
        ours = "".join(f"@{domain} ours/\n" for domain in DOMAINS.split())
        (folder / "people").write_text(ours + "".join(f"{one} {one}/\n" for one in people))
        owner = pwd.getpwnam("dovecot")
        main = main.replace(
            f"virtual_mailbox_domains = {DOMAINS}", f"virtual_mailbox_domains = {DOMAINS} {agency}"
        )
        main += f"""
transport_maps = texthash:{folder}/transport
virtual_mailbox_base = {store}
virtual_mailbox_maps = texthash:{folder}/people
virtual_minimum_uid = 1
virtual_uid_maps = static:{owner.pw_uid}
virtual_gid_maps = static:{owner.pw_gid}
"""
    (folder / "main.cf").write_text(main)
    shared = Path("/etc/postfix/master.cf").read_text().splitlines()
    kept = [line for line in shared if line.startswith(("pickup", "cleanup", "qmgr", "tlsmgr", "rewrite", "bounce", "defer",
            "trace", "verify", "flush", "proxymap", "proxywrite", "smtp      unix", "relay ", "showq", "error", "retry",
            "discard", "local", "virtual", "lmtp", "anvil", "scache", "postlog"))]  # fmt: skip
    unjailed = [" ".join([*line.split()[:4], "n", *line.split()[5:]]) for line in kept]
    (folder / "master.cf").write_text("\n".join([f"127.0.0.1:{port} inet n - n - - smtpd", *unjailed]) + "\n")
    run = [POSTFIX, "-c", str(folder)]
    try:
        started = subprocess.run([*run, "start"], check=False, capture_output=True, text=True)
        assert started.returncode == 0, started.stderr
        assert until(lambda: answers(port)), (folder / "maillog").read_text()
        yield port
    finally:
        subprocess.run([*run, "stop"], check=False, capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def dovecot(store: Path | None = None) -> Iterator[int]:
    """
    Start a Dovecot of our own, where any user signs in with the password `secret`; yield its IMAP port.

    Its mailboxes lie in `store`, which everybody must be able to reach, or in a folder of its own.
    """
    folder = Path(tempfile.mkdtemp(prefix="tecum-dovecot-"))
    folder.chmod(0o755)
    port = free_port()
    mail = store or folder / "mail"
    mail.mkdir(mode=0o777, exist_ok=True)
    mail.chmod(0o777)
    (folder / "dovecot.conf").write_text(f"""
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_login_user = dovenull
default_internal_user = dovecot
mail_location = maildir:{mail}/%u
mail_uid = dovecot
mail_gid = dovecot
first_valid_uid = 1
passdb {{
  driver = static
  args = password=secret
}}
userdb {{
  driver = static
  args = uid=dovecot gid=dovecot home={mail}/%u
}}
service imap-login {{
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
""")
    process = subprocess.Popen(
        [DOVECOT, "-F", "-c", str(folder / "dovecot.conf")], stderr=subprocess.PIPE, text=True
    )
    try:
        assert until(lambda: answers(port) or process.poll() is not None), (folder / "log").read_text()
        assert process.poll() is None, process.stderr and process.stderr.read()
        yield port
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)
        shutil.rmtree(folder, ignore_errors=True)
