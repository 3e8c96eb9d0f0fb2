"""`tecum mail`: messages through LMTP, SMTP, IMAP and files, from the wire to the shelf."""

import imaplib
import io
import mailbox
import signal
import smtplib
import sys
import threading
from pathlib import Path

import pytest

from tecum.cli.main import main
from tecum.inbox import operations as inbox
from tecum.inbox import queries
from tecum.inbox.models import Delivery, InboundMessage, Judgement
from tecum.inbox.states import MessageClass, State
from tecum.mailroom import ingesting, poller
from tests import letters, mailservers
from tests.conftest import NOON
from tests.letters import DEMANDS, PORTAL, RUIZ, STATUS, letter
from tests.mailservers import PATIENCE, listening, until

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def places(tmp_path: Path, settings):
    settings.DATA = tmp_path
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.TECUM_EPOCH_KEYS = str(tmp_path / "keys")
    settings.TECUM_GUIDE = "wholesale-portal"
    return tmp_path


def count() -> int:
    return InboundMessage.objects.count()


@pytest.mark.both_databases
def test_a_mail_system_hands_over_by_lmtp_and_hears_one_answer_for_each_recipient():
    raw = letter()
    with listening() as (port, process):
        with smtplib.LMTP("127.0.0.1", port) as link:
            link.ehlo_or_helo_if_needed()
            link.mail(RUIZ)
            assert [link.rcpt(to)[0] for to in (PORTAL, DEMANDS)] == [250, 250]
            link.docmd("DATA")
            link.send(raw.replace(b"\r\n.", b"\r\n..") + b".\r\n")
            replies = [link.getreply() for _ in range(2)]
            assert link.docmd("NOOP")[0] == 250, "nothing is left over on the line"

        assert [code for code, _ in replies] == [250, 250]
        assert all(words.startswith(b"2.0.0 Stored as ML-") for _, words in replies)
        assert count() == 1
        assert set(Delivery.objects.values_list("mailbox", flat=True)) == {"portal", "requests"}
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0


def test_smtp_takes_long_lines_and_a_null_sender_and_relays_for_nobody():
    with listening("smtp") as (port, _), smtplib.SMTP("127.0.0.1", port) as link:
        link.sendmail("", [STATUS], letter("x", "y" * 100_000, to=STATUS))
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            link.sendmail(RUIZ, ["somebody@elsewhere.example"], letter())

    (message,) = InboundMessage.objects.all()
    assert queries.message(message.id).mailbox == "status"
    assert message.size > 100_000


@pytest.mark.requirement("R-069")
def test_an_address_of_ours_that_nobody_published_is_heard_too():
    with listening() as (port, _), smtplib.LMTP("127.0.0.1", port) as link:
        link.sendmail(RUIZ, ["j.smith@sinch.com"], letter("Subpoena", "grand jury subpoena"))
    letters.sort(letters.now())

    (message,) = InboundMessage.objects.all()
    assert (message.klass, message.belongs_to) == (MessageClass.MISDIRECTED, "requests")


def test_when_nothing_can_be_stored_the_mail_system_keeps_the_message():
    with (
        listening(TECUM_EPOCH_KEYS="/proc/nowhere") as (port, _),
        smtplib.LMTP("127.0.0.1", port) as link,
        pytest.raises(smtplib.SMTPDataError) as refused,
    ):
        link.sendmail(RUIZ, [DEMANDS], letter())

    assert refused.value.smtp_code == 451
    assert count() == 0


@pytest.mark.slow
@pytest.mark.both_databases
@pytest.mark.requirement("R-041")
def test_a_real_postfix_hands_everything_over_and_keeps_it_while_we_are_away():
    with listening() as (lmtp, process), mailservers.postfix(lmtp) as port:
        for n in range(20):
            send(port, letter(f"Subpoena {n}"), to=[DEMANDS])
        send(port, letter("LD-7Q2M-40VX", "please withdraw the subpoena", to=STATUS), to=[STATUS, PORTAL])
        big = (("big.pdf", "application/pdf", letters.a_pdf() + b"0" * (40 << 20)),)
        send(port, letter("A large one", files=big), to=[DEMANDS])
        assert until(lambda: count() == 22), count()

        process.kill()
        process.wait()
        send(port, letter("Sent while nobody listened"), to=[DEMANDS])
        assert count() == 22
        with mailservers.command("mail", "listen", "--bind", f"127.0.0.1:{lmtp}"):
            assert until(lambda: count() == 23)
    letters.sort(letters.now())

    tally = queries.tally()
    assert tally.holds
    assert (tally.by_class[MessageClass.LEGAL_DEMAND], tally.by_class[MessageClass.STATUS]) == (22, 1)
    assert not InboundMessage.objects.filter(state=State.RECEIVED).exists()


@pytest.mark.slow
def test_a_real_dovecot_is_read_by_idle_and_nothing_is_taken_twice():
    with mailservers.dovecot() as port:
        account = poller.Account("127.0.0.1", port, "portal", "secret", "portal", security="none")
        put(port, letter("SUPPORT NEEDED", to=PORTAL))
        put(port, letter("Application Attached for Law Portal Access", to=PORTAL))
        with poller.opened(account) as box:
            assert poller.take_all(box, account, clock=letters.now) == 2
            assert poller.take_all(box, account, clock=letters.now) == 0

        where = {"TECUM_IMAP_HOST": "127.0.0.1", "TECUM_IMAP_PORT": str(port), "TECUM_IMAP_USER": "portal",
                 "TECUM_IMAP_PASSWORD": "secret", "TECUM_IMAP_SECURITY": "none"}  # fmt: skip
        with mailservers.command("mail", "poll", **where) as process:
            put(port, letter("SUPPORT NEEDED again", to=PORTAL))
            assert until(lambda: count() == 3)
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE) == 0
        with mailservers.command("mail", "poll", "--once", **where) as process:
            assert process.wait(PATIENCE) == 0
    letters.sort(letters.now())

    assert count() == 3
    assert queries.tally().by_class[MessageClass.SUPPORT] == 2
    assert Delivery.objects.filter(door="imap").count() == 3


@pytest.mark.slow
def test_a_server_that_numbers_its_messages_anew_doubles_nothing():
    with mailservers.dovecot() as port:
        account = poller.Account("127.0.0.1", port, "portal", "secret", "portal", security="none")
        put(port, letter(to=PORTAL))
        with poller.opened(account) as box:
            poller.take_all(box, account, clock=letters.now)
            inbox.advance_mark(account.name, validity=1, uid=99, now=NOON)
            assert poller.take_all(box, account, clock=letters.now) == 1

    assert count() == 1


def test_a_poller_that_loses_its_server_signs_in_again(monkeypatch):
    stop, tries = threading.Event(), []

    def gone(_account):
        tries.append(1)
        if len(tries) == 3:
            stop.set()
        raise ConnectionResetError

    monkeypatch.setattr(poller, "opened", gone)
    monkeypatch.setattr(poller, "PAUSES", (0.0,))

    poller.keep_taking(poller.Account("h", 1, "u", "p", "portal"), clock=letters.now, stop=stop)

    assert len(tries) == 3


def test_files_come_in_alone_as_an_mbox_and_through_a_pipe(places: Path, capsys, monkeypatch):
    box = mailbox.mbox(places / "archive.mbox")
    for n in range(3):
        box.add(letter(f"Subpoena {n}", "text\n\nFrom here on quoted\n"))
    box.close()
    (places / "one.eml").write_bytes(letter("one"))

    assert (
        main(["mail", "ingest", "--to", DEMANDS, str(places / "archive.mbox"), str(places / "one.eml")]) == 0
    )
    monkeypatch.setattr(
        sys, "stdin", type("Pipe", (), {"buffer": io.BytesIO((places / "one.eml").read_bytes())})
    )
    assert main(["mail", "ingest", "--to", DEMANDS, "-"]) == 0

    printed = capsys.readouterr().out.split()
    assert len([word for word in printed if word.startswith("ML-")]) == 5
    assert "before)" in printed
    assert count() == 4
    letters.sort(letters.now())
    assert all("From here on quoted" in queries.content(m.id).facts.text or "one" in queries.content(m.id).facts.subject for m in InboundMessage.objects.all())  # fmt: skip


def test_ingest_says_what_is_wrong_in_a_sentence(places: Path, capsys):
    assert main(["mail", "ingest", "--mailbox", "nowhere", "x"]) == 1
    assert "no mailbox 'nowhere'; there are: portal" in capsys.readouterr().err
    assert main(["mail", "ingest", str(places / "nothing.eml")]) == 1
    (places / "empty.eml").write_bytes(b"\n")
    assert main(["mail", "ingest", str(places / "empty.eml")]) == 1
    assert "There is no message" in capsys.readouterr().err


def test_status_counts_and_fails_when_a_message_is_nowhere(capsys):
    letters.arrived(letter())
    assert main(["mail", "status"]) == 0
    assert "Every message is in exactly one class or queued." in capsys.readouterr().out

    Delivery.objects.all().delete()
    Judgement.objects.all().delete()
    InboundMessage.objects.all().delete()  # a row that somebody took away; its bytes are still on the shelf

    assert main(["mail", "status"]) == 1
    assert "DISAGREE" in capsys.readouterr().out


def test_an_mbox_is_parted_at_its_separators_only():
    found = list(
        ingesting.messages(
            b"From a\nSubject: 1\n\nx\n>From quoted\n\nFrom b\nSubject: 2\n\nThe text\nFrom here\n"
        )
    )

    assert [each.raw for each in found] == [
        b"Subject: 1\n\nx\nFrom quoted\n\n",
        b"Subject: 2\n\nThe text\nFrom here\n",
    ]


def send(port: int, raw: bytes, *, to: list[str]) -> None:
    with smtplib.SMTP("127.0.0.1", port) as link:
        link.sendmail(RUIZ, to, raw)


def put(port: int, raw: bytes) -> None:
    link = imaplib.IMAP4("127.0.0.1", port)
    link.login("portal", "secret")
    assert link.append("INBOX", None, None, raw)[0] == "OK"
    link.logout()
