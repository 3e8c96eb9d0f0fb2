"""An agency's system is told that something moved: proved first, signed, tried again, never told a number; nothing inside is reached."""

import base64
import hashlib
import hmac
import http.server
import json
import ssl
import threading
import time
from datetime import UTC, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tecum.accounts import operations as accounts
from tecum.agencies import queries as agencies
from tecum.cases import operations as cases
from tecum.cases import queries as files
from tecum.demands import operations as demands
from tecum.jobs import outbox
from tecum.kernel.refusals import NotYours
from tecum.models import Demand, Notice, WebHook
from tecum.notices import queries
from tecum.notices.drivers import posting
from tecum.notices.operations import hooks
from tecum.secrecy import operations as secrecy
from tests import make
from tests.doorways import handed_in
from tests.make import NOON, ROOT, later

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.both_databases,
    pytest.mark.usefixtures("doors_open"),
]


class Peer:
    """Another system, on this machine, that answers as it is told to."""

    def __init__(self) -> None:
        self.status, self.delay, self.location, self.told = 204, 0.0, "", []
        peer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                peer.told.append(({name.lower(): value for name, value in self.headers.items()}, body))
                time.sleep(peer.delay)
                self.send_response(peer.status)
                if peer.location:
                    self.send_header("location", peer.location)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        return self.server.server_port

    @property
    def bodies(self) -> list[dict]:
        return [json.loads(body) for _, body in self.told]


@pytest.fixture
def peer(settings, tmp_path: Path):
    settings.TECUM_HOOKS_TO_LOOPBACK = True
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.TECUM_EPOCH_KEYS = str(tmp_path / "keys")
    found = Peer()
    yield found
    found.server.shutdown()
    found.server.server_close()


@pytest.fixture
def ruiz():
    return make.acting(make.officer("Ana Ruiz"))


def registered(peer, by) -> hooks.HookSecret:
    made = hooks.register_hook(address=f"http://127.0.0.1:{peer.port}/tecum", by=by, now=NOON)
    outbox.send_all(lambda: NOON)
    challenge = peer.bodies[-1]["data"]["challenge"]
    hooks.confirm_hook(hook=made.id, challenge=challenge, by=by, now=NOON)
    peer.told.clear()
    return made


def submit(by, *numbers, now=NOON):
    return demands.submit(submission=handed_in(*numbers), door="api", key=f"key-{now:%H%M%S}", by=by, now=now)


def hooked() -> list[Notice]:
    return list(
        Notice.objects.filter(channel="webhook").exclude(message="webhook.challenge").order_by("enqueued_at")
    )


def signed(secret: str, head: dict, body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    said = f"{head['webhook-id']}.{head['webhook-timestamp']}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, said, hashlib.sha256).digest()).decode()


def test_an_address_proves_itself_with_the_challenge_and_is_told_nothing_before(peer, ruiz):
    made = hooks.register_hook(address=f"http://127.0.0.1:{peer.port}/tecum", by=ruiz, now=NOON)
    submit(ruiz)
    assert hooked() == []

    outbox.send_all(lambda: NOON)
    (asked,) = peer.bodies
    with pytest.raises(hooks.CannotHook):
        hooks.confirm_hook(hook=made.id, challenge="something-else", by=ruiz, now=NOON)
    hooks.confirm_hook(hook=made.id, challenge=asked["data"]["challenge"], by=ruiz, now=NOON)

    assert asked["type"] == "webhook.challenge"
    assert [each.state for each in queries.hooks(by=ruiz, now=NOON)] == ["ACTIVE"]


def test_a_demand_that_moves_is_told_signed_by_its_reference_and_with_nothing_else(peer, ruiz):
    made = registered(peer, ruiz)

    got = submit(ruiz, "2925550142")
    demands.withdraw(case=got.case, how="api", by=ruiz, now=later(minutes=1))
    outbox.send_all(lambda: later(minutes=1))

    (head, raw), _ = peer.told
    first, second = peer.bodies
    assert first["data"] == {
        "demand": got.case, "reference": got.reference, "state": "RECEIVED", "status": "AwaitingApproval",
        "desired_status": "SubmittedToCSP",
    }  # fmt: skip
    assert (second["data"]["state"], second["data"]["desired_status"]) == ("WITHDRAWN", "Cancelled")
    assert head["webhook-signature"] == signed(made.secret, head, raw)
    assert head["webhook-timestamp"] == str(int(later(minutes=1).timestamp()))
    assert b"2925550142" not in b"".join(body for _, body in peer.told) and b"GJ-114" not in raw


def test_what_else_an_agency_has_to_know_is_told_by_references_and_states(peer, ruiz):
    registered(peer, ruiz)
    analyst = make.analyst()
    got = submit(ruiz, "2925550142", "2925550143")
    first, _ = files.targets(case=got.case, by=analyst, now=NOON)
    demands.withdraw(case=got.case, how="api", targets=[first.id], by=ruiz, now=NOON)
    until = (NOON + timedelta(days=30)).date()
    demands.set_gag(
        case=got.case, gag=True, starts=NOON.date(), until=until, cited=True, by=analyst, now=NOON
    )
    demands.gag_rings(demand=Demand.objects.get().pk, by=ROOT, now=NOON + timedelta(days=32))
    kept = demands.preserve(case=got.case, by=analyst, now=NOON)
    demands.preservation_ends(preservation=kept.id, by=ROOT, now=kept.ends_at)

    told = [(each.message, json.loads(each.text)) for each in hooked()]

    assert {data["reference"] for _, data in told} == {got.reference}
    end = kept.ends_at.astimezone(UTC).isoformat()
    moved = [(kind, {name: value for name, value in data.items() if name not in {"demand", "reference"}}) for kind, data in told[1:]]  # fmt: skip
    assert sorted(moved, key=str) == sorted([
        ("demand.tasks_moved", {"tasks": first.id, "status": "Cancelled", "desired_status": "Cancelled"}),
        ("demand.gag_moved", {"gag": "in_force", "until": until.isoformat()}),
        ("demand.gag_moved", {"gag": "over", "until": until.isoformat()}),
        ("preservation.moved", {"state": "ACTIVE", "status": "Preserved", "until": end}),
        ("preservation.moved", {"state": "LAPSED", "status": "Expired", "until": end}),
    ], key=str)  # fmt: skip
    cases.seal(case=got.case, people=[make.analyst().ref], by=analyst, now=NOON)
    demands.set_gag(
        case=got.case,
        gag=False,
        starts=NOON.date(),
        until=None,
        cited=False,
        by=analyst,
        now=NOON + timedelta(days=33),
    )
    assert len(hooked()) == len(told), "of a sealed case nobody is told anything"


def test_a_colleague_who_is_not_on_the_list_hears_nothing(peer, ruiz):
    home = accounts_agency(ruiz)
    registered(peer, make.acting(make.officer(at=home)))

    submit(ruiz)
    outbox.send_all(lambda: NOON)

    assert peer.told == [] and hooked() == []


def accounts_agency(actor):
    return agencies.agency(id=actor.agency, by=ROOT, now=NOON)


def test_a_sealed_case_is_spoken_of_to_nobody_and_one_sealed_meanwhile_is_kept_back(peer, ruiz):
    registered(peer, ruiz)
    got = submit(ruiz)
    (waiting,) = hooked()
    secrecy.seal_matter(waiting.matter)
    demands.withdraw(case=got.case, how="api", by=ruiz, now=later(minutes=1))

    outbox.send_all(lambda: later(minutes=1))

    assert peer.told == [] and len(hooked()) == 1
    assert Notice.objects.get(pk=waiting.pk).state == "FAILED"


@pytest.mark.sabotage("control 8")
def test_without_the_second_question_what_was_sealed_meanwhile_would_leave(peer, ruiz, monkeypatch):
    registered(peer, ruiz)
    submit(ruiz)
    secrecy.seal_matter(hooked()[0].matter)
    monkeypatch.setattr(outbox, "kept_back", lambda *_a, **_k: None)

    outbox.send_all(lambda: NOON)

    assert len(peer.told) == 1


def test_whoever_is_suspended_meanwhile_is_told_no_more(peer, ruiz):
    registered(peer, ruiz)
    submit(ruiz)
    accounts.suspend_person(person=ruiz.ref.removeprefix("person:"), reason="left", by=ROOT, now=NOON)

    outbox.send_all(lambda: NOON)

    assert peer.told == [] and hooked()[0].state == "FAILED"


@pytest.mark.parametrize(
    ("status", "state"), [(500, "QUEUED"), (503, "QUEUED"), (429, "QUEUED"), (302, "QUEUED"), (410, "FAILED"), (400, "FAILED")]
)  # fmt: skip
def test_a_peer_that_fails_is_tried_again_and_one_that_refuses_lies_for_a_person(peer, ruiz, status, state):
    made = registered(peer, ruiz)
    other = Peer()
    peer.status, peer.location = status, f"http://127.0.0.1:{other.port}/elsewhere" if status == 302 else ""
    submit(ruiz)

    outbox.send_all(lambda: NOON)

    (row,) = hooked()
    assert row.state == state and len(peer.told) == 1
    assert other.told == []  # a redirect is not followed
    (told,) = [
        each for each in queries.deliveries(hook=made.id, by=ruiz, now=NOON) if each.message == "demand.moved"
    ]
    assert told.log[-1].code == str(status)
    assert queries.hooks(by=ruiz, now=NOON)[0].dead == (state == "FAILED")
    peer.status, peer.location = 204, ""
    if state == "QUEUED":
        outbox.send_all(lambda: Notice.objects.get(pk=row.pk).attempt_at)
        assert Notice.objects.get(pk=row.pk).state == "SENT"
        assert peer.told[0][0]["webhook-id"] == peer.told[1][0]["webhook-id"] == row.pk
    other.server.shutdown()
    other.server.server_close()


def test_a_peer_that_is_slow_or_gone_is_tried_again_for_two_days_and_then_lies_dead(peer, ruiz, monkeypatch):
    registered(peer, ruiz)
    monkeypatch.setattr(posting.post, "__kwdefaults__", {**posting.post.__kwdefaults__, "patience": 0.3})
    peer.delay = 2.0
    submit(ruiz)

    outbox.send_all(lambda: NOON)

    (row,) = hooked()
    assert row.state == "QUEUED" and "Timeout" in row.log.get().words
    peer.server.shutdown()
    peer.server.server_close()
    outbox.send_all(lambda: NOON + timedelta(days=2, minutes=1))
    assert Notice.objects.get(pk=row.pk).state == "FAILED"


def test_a_peer_with_a_certificate_of_its_own_making_is_told_nothing(peer, ruiz, tmp_path):
    registered(peer, ruiz)
    secure = Peer()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(tmp_path))
    secure.server.socket = context.wrap_socket(secure.server.socket, server_side=True)
    WebHook.objects.update(address=f"https://127.0.0.1:{secure.port}/tecum")
    submit(ruiz)

    outbox.send_all(lambda: NOON)

    (row,) = hooked()
    assert secure.told == [] and row.state == "QUEUED" and "CERTIFICATE_VERIFY_FAILED" in row.log.get().words
    secure.server.shutdown()
    secure.server.server_close()


def certificate(folder: Path) -> Path:
    """Write a key and a certificate for this machine that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(NOON - timedelta(days=900)).not_valid_after(NOON + timedelta(days=9000))
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    pem = serialization.Encoding.PEM
    file = folder / "peer.pem"
    file.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(pem)
    )
    return file


def test_a_new_secret_signs_beside_the_old_one_for_a_day_and_then_alone(peer, ruiz):
    old = registered(peer, ruiz)
    fresh = hooks.rotate_hook(hook=old.id, by=ruiz, now=NOON)

    submit(ruiz)
    outbox.send_all(lambda: NOON)
    submit(ruiz, now=later(hours=25))
    outbox.send_all(lambda: later(hours=25))

    (head, body), (late, last) = peer.told
    assert head["webhook-signature"].split(" ") == [
        signed(fresh.secret, head, body),
        signed(old.secret, head, body),
    ]
    assert late["webhook-signature"] == signed(fresh.secret, late, last)


def test_an_ended_webhook_is_told_nothing_more_and_keeps_no_secret(peer, ruiz):
    made = registered(peer, ruiz)
    submit(ruiz)

    hooks.end_hook(hook=made.id, by=ruiz, now=NOON)
    outbox.send_all(lambda: NOON)

    row = WebHook.objects.get()
    assert peer.told == [] and bytes(row.secret) == b"" and queries.hooks(by=ruiz, now=NOON) == []


def test_another_officers_webhook_is_not_there(peer, ruiz):
    made = registered(peer, ruiz)
    other = make.acting(make.officer())

    for act in (
        lambda: hooks.rotate_hook(hook=made.id, by=other, now=NOON),
        lambda: hooks.end_hook(hook=made.id, by=other, now=NOON),
        lambda: hooks.confirm_hook(hook=made.id, challenge="x" * 20, by=other, now=NOON),
        lambda: queries.deliveries(hook=made.id, by=other, now=NOON),
        lambda: hooks.register_hook(address="https://agency.example", by=make.analyst(), now=NOON),
    ):
        with pytest.raises(NotYours):
            act()
    assert queries.hooks(by=other, now=NOON) == []


def test_the_secrets_lie_sealed_and_a_sixth_webhook_is_refused(peer, ruiz):
    made = registered(peer, ruiz)

    raw = base64.b64decode(made.secret.removeprefix("whsec_"))
    assert raw not in bytes(WebHook.objects.get().secret)
    for _ in range(4):
        hooks.register_hook(address="https://agency.example/hook", by=ruiz, now=NOON)
    with pytest.raises(hooks.CannotHook, match="5 webhooks"):
        hooks.register_hook(address="https://agency.example/hook", by=ruiz, now=NOON)


@pytest.mark.parametrize(
    "address",
    [
        "http://agency.example/hook", "https://10.0.0.5/", "https://127.0.0.1/", "https://[::1]/", "https://169.254.169.254/latest",
        "https://[::ffff:10.0.0.1]/", "https://[64:ff9b::a00:1]/", "https://[2002:a00:1::]/", "https://192.168.1.1/",
        "https://user:word@agency.example/", "https://agency.example:22/", "https://agency.example/#x", "ftp://agency.example/",
        "file:///etc/passwd", "https://", "https://224.0.0.1/", "https://100.64.0.1/", "https://agency.example/\r\nX: y",
    ],
)  # fmt: skip
def test_an_address_inside_or_of_another_kind_is_refused_at_once(ruiz, settings, address):
    with pytest.raises(hooks.CannotHook):
        hooks.register_hook(address=address, by=ruiz, now=NOON)

    assert not WebHook.objects.exists()


def test_a_name_that_turns_out_to_lie_inside_is_refused_when_connecting(peer, ruiz, settings, monkeypatch):
    registered(peer, ruiz)
    settings.TECUM_HOOKS_TO_LOOPBACK = False
    WebHook.objects.update(address="https://rebound.agency.example/hook")
    inside = [(2, 1, 6, "", ("127.0.0.1", peer.port))]
    known = posting.socket.getaddrinfo
    rebound = "rebound.agency.example"
    monkeypatch.setattr(
        posting.socket,
        "getaddrinfo",
        lambda host, *a, **k: inside if host == rebound else known(host, *a, **k),
    )
    submit(ruiz)

    outbox.send_all(lambda: NOON)

    (row,) = hooked()
    assert row.state == "FAILED" and "public network" in row.log.get().words and peer.told == []


@pytest.mark.sabotage("webhooks: no address inside")
def test_without_the_guard_the_same_name_would_reach_this_machine(peer, ruiz, settings, monkeypatch):
    registered(peer, ruiz)
    settings.TECUM_HOOKS_TO_LOOPBACK = False
    monkeypatch.setattr(posting, "outside", lambda *_a, **_k: None)
    monkeypatch.setattr(posting, "fit", lambda address, **_: address)

    submit(ruiz)
    outbox.send_all(lambda: NOON)

    assert len(peer.told) == 1


def test_nothing_is_told_where_the_guide_closes_the_door(peer, ruiz, settings):
    registered(peer, ruiz)
    got = submit(ruiz)
    settings.TECUM_GUIDE = "example"
    row = demands.withdraw(case=got.case, how="portal", by=ruiz, now=later(minutes=1))

    assert len(hooked()) == 1 and row.state == "WITHDRAWN"
