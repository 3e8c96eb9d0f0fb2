"""A paging interface on loopback that fails in every way there is, and a carrier whose guide names it."""

import contextlib
import http.server
import json
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs

from tecum.notices.drivers import posting

ROOT = Path(__file__).resolve().parents[1]
KEY = b"a key of the machine"
PAGERS = """
[mail]
footer = "mail_footer"
pagers = [
  { id = "duty", kind = "pagerduty", address = "AT/v2/enqueue" },
  { id = "text", kind = "sms", address = "AT", account = "AC1", sender = "+12925550170" },
  { id = "ring", kind = "voice", address = "AT", account = "AC1", sender = "+12925550170" },
  { id = "bridge", kind = "webhook", address = "AT/bridge" },
]
"""
WAYS = ("pager:duty", "sms:2925550163", "call:2925550163", "pager:bridge/team-two")
HANG, DROP = "hang", "drop"


@dataclass
class Heard:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def said(self) -> dict[str, object]:
        """What it says, whatever its form."""
        if self.headers["content-type"] == "application/json":
            return dict(json.loads(self.body))
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}


@dataclass
class PagerPeer:
    """Answers each request with the next of `moods` (the last for all after): a status, HANG, or DROP after it was taken."""

    moods: list[int | str] = field(default_factory=lambda: [202])
    heard: list[Heard] = field(default_factory=list)
    address: str = ""
    let_go: threading.Event = field(default_factory=threading.Event)

    def next(self) -> int | str:
        return self.moods.pop(0) if len(self.moods) > 1 else self.moods[0]


@contextlib.contextmanager
def listening(peer: PagerPeer) -> Iterator[PagerPeer]:
    """Let a peer listen on a free port of loopback."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            peer.heard.append(Heard(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            mood = peer.next()
            if mood == HANG:
                peer.let_go.wait(20)
            if isinstance(mood, str):
                self.close_connection = True
                return
            self.send_response(mood)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    peer.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield peer
    finally:
        peer.let_go.set()
        server.shutdown()
        server.server_close()


def carrier(
    settings, tmp_path: Path, address: str, monkeypatch, *, change: Callable[[str], str] = str
) -> None:
    """Put a guide in force that names the pagers, with their keys on this machine and little patience."""
    guide = tmp_path / "guides" / "example"
    shutil.copytree(ROOT / "guides" / "example", guide)
    desks = guide / "desks.toml"
    head, _, _ = desks.read_text().partition("# How our own messages leave")
    desks.write_text(change(head + PAGERS.replace("AT", address)))
    keys = tmp_path / "secrets" / "pagers"
    keys.mkdir(parents=True)
    for name in ("duty", "text", "ring", "bridge"):
        (keys / name).write_bytes(KEY + b"\n")
    settings.TECUM_GUIDE = str(guide)
    settings.TECUM_SECRETS = str(tmp_path / "secrets")
    settings.TECUM_SMTP = f"folder:{tmp_path / 'mail'}"
    settings.TECUM_HOOKS_TO_LOOPBACK = True
    monkeypatch.setitem(posting.post.__kwdefaults__, "patience", 1.0)


def wait_for(truth: Callable[[], bool], seconds: float = 20) -> None:
    """Wait until something is so."""
    until = time.monotonic() + seconds
    while not truth():
        assert time.monotonic() < until, "it never became so"
        time.sleep(0.02)
