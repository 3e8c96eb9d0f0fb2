"""Signed mail, faxes through a gateway, signed web requests, and the trail's checkpoint beneath a message."""

import base64
import hashlib
import hmac
import http.server
import json
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import dkim
import pytest
from django.db import transaction

from tecum.audit import operations as audit
from tecum.audit.drivers import keys
from tecum.jobs import outbox
from tecum.kernel.actors import Actor
from tecum.notices import operations as notices
from tecum.notices.drivers import signing
from tecum.notices.models import Notice
from tecum.notices.rules import NoAddress
from tecum.vetting import messages as _declared  # noqa: F401
from tecum_verify.notes import checkpoint
from tests.conftest import NOON
from tests.mailpeers import Peer, serving

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
BY = Actor.system("vetting")
ROOT = Path(__file__).resolve().parents[2]
MAIL = """
[mail]
footer = "mail_footer"
bounces = "bounces+{id}@meadowlark.example"
fax_gateway = "{number}@fax.meadowlark.example"
signers = [{ domain = "meadowlark.example", selector = "tecum" }]
hooks = [{ id = "siem", address = "HOOK" }]
"""


@dataclass
class Hook:
    """A web server that keeps what it is told."""

    status: int = 204
    told: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    address: str = ""


@pytest.fixture
def hook() -> Iterator[Hook]:
    kept = Hook()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            kept.told.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(kept.status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever).start()
    kept.address = f"http://127.0.0.1:{server.server_port}/tecum"
    yield kept
    server.shutdown()
    server.server_close()


@pytest.fixture
def peer(settings, tmp_path, hook) -> Iterator[Peer]:
    """A carrier that signs, with a fax gateway and a hook; its mail server is ours to look into."""
    guide = tmp_path / "guides" / "example"
    shutil.copytree(ROOT / "guides" / "example", guide)
    desks = guide / "desks.toml"
    desks.write_text(desks.read_text().partition("[mail]")[0] + MAIL.replace("HOOK", hook.address))
    settings.TECUM_GUIDE = str(guide)
    settings.TECUM_SECRETS = str(tmp_path / "secrets")
    signing.make_key(tmp_path / "secrets" / "dkim" / "tecum.meadowlark.example.pem")
    (tmp_path / "secrets" / "hooks").mkdir()
    (tmp_path / "secrets" / "hooks" / "siem").write_bytes(b"shared secret\n")
    with serving(Peer()) as server:
        settings.TECUM_SMTP = server.address
        yield server


def enqueue(to: str) -> str:
    words = {"reference": "AP-1", "window": "3-5 business days", "missing": "-"}
    with transaction.atomic():
        return notices.enqueue("application_received", to=to, context=words, by=BY, now=NOON).id


@pytest.mark.requirement("R-070")
def test_a_message_is_signed_and_any_change_breaks_the_signature(peer, tmp_path):
    notice = enqueue("ruiz@agency1.example.gov")
    outbox.send_all(lambda: NOON)

    (mail,) = peer.arrived
    key = signing.read_key(tmp_path / "secrets" / "dkim" / "tecum.meadowlark.example.pem")
    published = signing.record(key).encode()

    def dns(name: bytes, timeout: int = 5) -> bytes | None:
        return published if name == b"tecum._domainkey.meadowlark.example." else None

    assert dkim.verify(mail.raw, dnsfunc=dns)
    assert not dkim.verify(mail.raw.replace(b"3-5 business", b"9-9 business"), dnsfunc=dns)
    assert mail.envelope_from == f"bounces+{notice}@meadowlark.example"


def test_without_the_key_the_guide_wants_nothing_leaves_unsigned_and_nothing_is_lost(peer, tmp_path):
    (tmp_path / "secrets" / "dkim" / "tecum.meadowlark.example.pem").unlink()
    notice = enqueue("ruiz@agency1.example.gov")

    outbox.send_all(lambda: NOON)

    assert peer.arrived == []
    assert Notice.objects.get(pk=notice).state == "QUEUED"


def test_a_fax_leaves_as_mail_to_the_gateway(peer):
    enqueue("fax:(292) 555-0142")

    outbox.send_all(lambda: NOON)

    assert peer.arrived[0].to == ["2925550142@fax.meadowlark.example"]


def test_another_system_is_told_by_a_signed_request_and_again_under_the_same_id_when_it_failed(peer, hook):
    hook.status = 503
    notice = enqueue("webhook:siem")
    outbox.send_all(lambda: NOON)
    hook.status = 204
    outbox.send_all(lambda: Notice.objects.get(pk=notice).attempt_at)

    (head, body), second = hook.told
    signed = f"{head['webhook-id']}.{head['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(b"shared secret", signed, hashlib.sha256).digest()).decode()
    assert head["webhook-signature"] == f"v1,{expected}"
    assert head["webhook-id"] == second[0]["webhook-id"] == notice
    assert json.loads(body)["type"] == "application_received"
    assert Notice.objects.get(pk=notice).state == "SENT"


def test_a_hook_that_refuses_lies_for_a_person(peer, hook):
    hook.status = 410
    notice = enqueue("webhook:siem")

    outbox.send_all(lambda: NOON)

    assert Notice.objects.get(pk=notice).state == "FAILED"


def test_what_the_guide_does_not_name_is_refused_when_enqueued(peer):
    with pytest.raises(NoAddress):
        enqueue("webhook:elsewhere")


def test_the_checkpoint_beneath_a_message_proves_the_trail(peer, settings, tmp_path):
    settings.TECUM_TRAIL_KEY_FILE = str(tmp_path / "trail.key")
    settings.TECUM_TRAIL_ANCHORS = [str(tmp_path / "anchors")]
    public = keys.create(Path(settings.TECUM_TRAIL_KEY_FILE), name=settings.TECUM_TRAIL_ORIGIN)
    with transaction.atomic():
        audit.record("trail.payloads_destroyed", by=BY, at=NOON, epoch="2026", payloads=0)
    audit.seal(now=NOON)
    signed = audit.publish_checkpoint(now=NOON)
    assert signed is not None

    enqueue("ruiz@agency1.example.gov")
    outbox.send_all(lambda: NOON)

    (mail,) = peer.arrived
    foot = mail.part("text/plain").partition("\n-- \n")[2]
    note = foot[foot.index(signed.origin) :]
    assert checkpoint(note, public.public).size == 1
    assert signed.note.splitlines()[2] in mail.part("text/html")
