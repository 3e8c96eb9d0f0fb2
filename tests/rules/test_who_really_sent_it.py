"""What is believed about a sender: our own mail system's word, or DNS; never a header that a stranger wrote (RFC 8601)."""

import base64
import socket
import struct
import threading

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from tecum.inbox.drivers import authentication, clamd
from tecum.inbox.drivers.authentication import Asked, Policy
from tecum.inbox.facts import Address, Facts, Judged

OURS = Policy("mx.carrier.example")
DNS = Policy(ask=True)


def judge(
    *texts: str,
    sender: str = "ruiz@police.marrow.example.gov",
    above: int = 0,
    policy: Policy = OURS,
    raw: bytes = b"",
    asked: Asked | None = None,
):
    facts = Facts(senders=(Address(sender),), judged=tuple(Judged(text, above) for text in texts))
    return authentication.judge(facts, raw, policy=policy, asked=asked or Asked())


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("mx.carrier.example; dkim=pass header.d=marrow.example.gov", "aligned"),
        ("mx.carrier.example; spf=pass smtp.mailfrom=bounce@mail.police.marrow.example.gov", "aligned"),
        ("mx.carrier.example; dmarc=pass header.from=police.marrow.example.gov", "aligned"),
        ("mx.carrier.example; dkim=pass header.d=mailer.example", "unaligned"),
        ("mx.carrier.example; dkim=fail header.d=marrow.example.gov; spf=fail smtp.mailfrom=x@marrow.example.gov", "failed"),
        ("mx.carrier.example; dmarc=fail header.from=police.marrow.example.gov; spf=pass smtp.mailfrom=a@mailer.example", "failed"),
        ("mx.carrier.example; none", "none"),
        ("elsewhere.example; dkim=pass header.d=marrow.example.gov", "none"),
        ("spf=pass (sender IP is 203.0.113.5) smtp.mailfrom=marrow.example.gov; dkim=pass", "none"),
        ("", "none"),
    ],
)  # fmt: skip
def test_only_the_word_of_our_own_mail_system_counts(text, verdict):
    assert judge(text).verdict == verdict


def test_the_topmost_word_wins_over_one_that_came_with_the_message():
    real = "mx.carrier.example; spf=fail smtp.mailfrom=x@police.marrow.example.gov"
    forged = "mx.carrier.example; dkim=pass header.d=police.marrow.example.gov"

    assert judge(real, forged).verdict == "failed"


def test_a_word_beneath_what_came_from_outside_is_nobodys():
    assert judge("mx.carrier.example; dkim=pass header.d=marrow.example.gov", above=2).verdict == "none"


@pytest.mark.sabotage("control 10: only our own authserv-id")
def test_if_any_name_were_believed_a_forger_would_pass(monkeypatch):
    forged = "mx.forger.example; dkim=pass header.d=police.marrow.example.gov"
    assert judge(forged).verdict == "none"

    assert judge(forged, policy=Policy("mx.forger.example")).verdict == "aligned"


def test_organisations_are_compared_by_the_public_suffix_list_not_by_their_last_two_labels():
    assert authentication.aligned("mail.police.example.gov", "example.gov")
    assert not authentication.aligned("ci.a.oh.us", "ci.b.oh.us")
    assert not authentication.aligned("one.github.io", "two.github.io")
    assert not authentication.aligned("", "")


def test_who_handed_a_message_in_is_read_from_our_own_received_line():
    line = (
        "from mail.police.example.gov (mail.police.example.gov [203.0.113.5]) by mx.carrier.example (Postfix)"
    )
    six = "from m.example (unknown [IPv6:2001:db8::1]) by mx"

    assert authentication.handed_in((line,), OURS) == ("203.0.113.5", "mail.police.example.gov")
    assert authentication.handed_in((six,), OURS)[0] == "2001:db8::1"
    assert authentication.handed_in((), OURS) == ("", "")
    assert authentication.handed_in(("nonsense",), OURS) == ("", "")


@pytest.fixture(scope="module")
def key():
    return generate_private_key(65537, 2048)


def signed(key, raw: bytes) -> bytes:
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    return dkim.sign(raw, b"s1", b"police.example.gov", pem) + raw


def in_dns(monkeypatch, key) -> None:
    public = base64.b64encode(key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    monkeypatch.setattr(dkim, "get_txt", lambda name, timeout=5: b"v=DKIM1; k=rsa; p=" + public)


RAW = b"From: ruiz@police.example.gov\r\nSubject: x\r\n\r\nsubpoena\r\n"


def test_a_signature_is_checked_against_dns_where_we_are_asked_to(monkeypatch, key):
    in_dns(monkeypatch, key)
    mail = signed(key, RAW)

    good = judge(sender="ruiz@police.example.gov", policy=DNS, raw=mail)
    spoilt = judge(sender="ruiz@police.example.gov", policy=DNS, raw=mail.replace(b"subpoena", b"warrant!"))
    other = judge(sender="chief@elsewhere.example", policy=DNS, raw=mail)

    assert (good.verdict, good.dkim, good.by) == ("aligned", "pass", "dns")
    assert spoilt.verdict == "none"
    assert spoilt.dkim == "fail"
    assert other.verdict == "unaligned"


def test_dns_that_does_not_answer_and_hostile_signatures_are_no_fault(monkeypatch):
    def broken(*_args, **_more):
        raise TimeoutError

    monkeypatch.setattr(dkim, "get_txt", broken)
    monkeypatch.setattr(authentication.spf, "check2", broken)
    hostile = b"DKIM-Signature: v=1; a=rsa-sha256; d=\xff; s=\0; h=from; bh=!; b=!\r\n" + RAW

    found = judge(policy=DNS, raw=hostile, asked=Asked("a@b.example", "203.0.113.5", "b.example"))

    assert found.verdict == "none"
    assert found.spf == "temperror"


@pytest.fixture
def scanner():
    """A daemon that reads the stream and answers as it is told."""
    answers, heard = [b"stream: OK\0"], []
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                link, _ = server.accept()
            except OSError:
                return
            with link, link.makefile("rb") as reader:
                assert reader.read(10) == b"zINSTREAM\0"
                content = b""
                while size := struct.unpack(">I", reader.read(4))[0]:
                    content += reader.read(size)
                heard.append(content)
                link.sendall(answers[0])

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"127.0.0.1:{server.getsockname()[1]}", answers, heard
    server.close()


def test_the_scanner_reads_the_whole_message_and_its_finding_has_a_name(scanner):
    address, answers, heard = scanner
    content = b"x" * 200_000

    assert clamd.scan(content, address=address) == ""
    answers[0] = b"stream: Eicar-Test-Signature FOUND\0"
    assert clamd.scan(content, address=address) == "Eicar-Test-Signature"
    assert heard == [content, content]


def test_a_scanner_that_is_away_or_refuses_says_nothing_either_way(scanner):
    address, answers, _ = scanner
    answers[0] = b"INSTREAM size limit exceeded. ERROR\0"

    for where in (address, "127.0.0.1:1", "/nowhere/clamd.sock"):
        with pytest.raises(clamd.NoScanner):
            clamd.scan(b"x", address=where)
