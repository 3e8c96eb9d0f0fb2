"""The demo's morning mail: applications with form and badge, requests for support, process, strays; each through the real door."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

from PIL import Image, ImageDraw

from tecum.accounts import queries as people
from tecum.accounts.rules import PersonView
from tecum.cli.demo import cast
from tecum.documents.drivers import pdf
from tecum.inbox import operations as inbox
from tecum.inbox.facts import Envelope
from tecum.jobs import worker
from tecum.jobs.table import TABLE
from tecum.kernel.actors import Actor
from tecum.mailroom import sorting
from tecum.policy import queries as policy
from tecum.support import operations as support
from tecum.support import queries as requests
from tecum.vetting import adapters

DOOR = Actor.system("lmtp")
PORTAL, DEMANDS, STATUS, SILENT = "portal", "requests", "status", "activation"


@dataclass(frozen=True, slots=True)
class Mail:
    """One message of the morning: how long ago it came, from whom, to which mailbox of the guide."""

    ago: timedelta
    sender: str
    to: str
    subject: str
    text: str
    files: tuple[tuple[str, bytes], ...] = ()
    cc: str = ""
    proven: bool = True
    headers: tuple[tuple[str, str], ...] = ()


def hours(count: float) -> timedelta:
    """Return so many hours."""
    return timedelta(hours=count)


def deliver(*, now: datetime, operator: Actor, actor_of: Callable[[PersonView], Actor]) -> None:
    """Receive, read and hand on everything, then answer what the desk would have answered by now."""
    mails = sorted([*_applications(now), *_others(now)], key=lambda each: each.ago, reverse=True)
    for mail in mails:
        _hand_in(mail, at=now - mail.ago)
        sorting.sort_all(clock=lambda at=now - mail.ago: at)  # type: ignore[misc]
        worker.run_all(TABLE, lane="mail-route", clock=lambda at=now - mail.ago: at)  # type: ignore[misc]
    (detective,) = people.people(by=operator, now=now, words=cast.PEOPLE[0].email)
    support.ask(
        subject="A new telephone",
        text="My telephone with the authenticator is being replaced on Friday. What should I do beforehand?",
        by=actor_of(detective),
        now=now - hours(20),
    )
    asked = requests.own(by=actor_of(detective), now=now)
    last = next(each for each in asked if each.subject != "A new telephone")
    support.answer(
        thread=last.id,
        text="Dear Ms. Barrowclough,\n\nyes: a spreadsheet of each look-up can be taken from its page, under My history.",
        by=operator,
        now=now - hours(3),
    )
    support.log_call(
        caller="Sergeant Alder, Marrow County",
        number="292-555-0110",
        called_at=now - hours(2),
        by=operator,
        now=now,
    )


def _hand_in(mail: Mail, *, at: datetime) -> None:
    box = policy.at(at).mailbox(mail.to).address
    address = mail.sender.partition("<")[2].rstrip(">") or mail.sender
    message = EmailMessage(policy=SMTP)
    domain = address.rpartition("@")[2]
    if mail.proven:
        message["Authentication-Results"] = (
            f"{cast.BORDER}; spf=pass smtp.mailfrom={domain}; dkim=pass header.d={domain}"
        )
    message["From"], message["To"], message["Subject"] = mail.sender, box, mail.subject
    if mail.cc:
        message["Cc"] = mail.cc
    message["Date"], message["Message-ID"] = format_datetime(at), make_msgid(domain=domain)
    for name, value in mail.headers:
        message[name] = value
    message.set_content(mail.text)
    for name, content in mail.files:
        kind = "pdf" if name.endswith(".pdf") else "png"
        message.add_attachment(
            content, maintype="application" if kind == "pdf" else "image", subtype=kind, filename=name
        )
    inbox.receive(message.as_bytes(), envelope=Envelope(address, (box,)), door="lmtp", by=DOOR, now=at)


def _applications(now: datetime) -> list[Mail]:
    """Two applications: one as it should be, one from an agency never seen before that lacks what it needs."""
    guide = policy.at(now)
    line = guide.mailbox(PORTAL).subject_lines["application"]
    try:
        form = adapters.empty_form(guide)
    except pdf.NoPrinter:  # the demo stands without them
        return []
    good = _typed(
        "Tomas Ekholm", "Detective", "t.ekholm@fennimorepd.example", "Fennimore Police Department", "municipal",
        "NY", "Ada Rourke", "a.rourke@fennimorepd.example", now,
    )  # fmt: skip
    poor = {
        **_typed(
            "Wren Halloran", "Investigator", "w.halloran@quillcounty.example", "Quill County Prosecutor", "county",
            "OH", "Basil Thorn", "b.thorn@quillcounty.example", now,
        ),
        "applicant_badge": "",
        "attest_purpose": "",
    }  # fmt: skip
    return [
        Mail(
            hours(27), "Tomas Ekholm <t.ekholm@fennimorepd.example>", PORTAL, line, "Please find my application attached.\n\nTomas Ekholm",
            (("application.pdf", adapters.filled(form, good)), ("badge.png", badge("T. EKHOLM", "Fennimore PD", "3318"))),
            cc="a.rourke@fennimorepd.example",
        ),
        Mail(
            hours(5), "Wren Halloran <w.halloran@quillcounty.example>", PORTAL, "Portal access", "My application for portal access.",
            (("form.pdf", adapters.filled(form, poor)),), proven=False,
        ),
    ]  # fmt: skip


def _others(now: datetime) -> list[Mail]:
    """The rest of the morning, one of every kind."""
    detective = f"Ines Barrowclough <{cast.PEOPLE[0].email}>"
    paper = _subpoena(now)
    return [
        Mail(hours(30), detective, PORTAL, "SUPPORT NEEDED: spreadsheets", "Can I take my results of last week as a spreadsheet?\n\nI. Barrowclough"),
        Mail(hours(4), "J. Okonjo <j.okonjo@lakelandsbi.example>", PORTAL, "SUPPORT NEEDED", "I looked a number up and had no result. Who has this number?"),
        Mail(hours(2.5), "Records <records@tamarackpolice.example>", PORTAL, "SUPPORT NEEDED", "Your messages never reach us. Could it be our filter?", proven=False),
        Mail(hours(26), "M. Vasquez <m.vasquez@marrowcounty.example>", DEMANDS, "Grand jury subpoena 2026-GJ-114", "Please see the attached.", (("subpoena.pdf", paper),)),
        Mail(hours(3), "D. Amberley <d.amberley@prairienation.example>", PORTAL, "Search warrant", "A search warrant is attached.", (("warrant.pdf", _paper("Search warrant")),)),
        Mail(hours(1), "K. Osei <k.osei@marrowcounty.example>", DEMANDS, "EXIGENT: missing child", "There is imminent danger of death. Please call the dispatch center back."),
        Mail(hours(2), "M. Vasquez <m.vasquez@marrowcounty.example>", STATUS, "LD-7Q2M-40VX", "Please withdraw the subpoena in LD-7Q2M-40VX, we have the answer."),
        Mail(hours(22), "Ada Harrow <harrow@lawfirm.example>", PORTAL, "Request for information", "We represent the plaintiff in Harrow v. Dunmore and ask who holds a number.\n\nHarrow Law Offices"),
        Mail(hours(6), "L. Pym <l.pym@fennimorepd.example>", PORTAL, "Question", "Good morning, I have a question about your guide.", proven=False),
        Mail(hours(21), detective, SILENT, "Re: Your user name", "Thank you, it works."),
        Mail(hours(8), "A. Tillinghast <a.tillinghast@marrowcounty.example>", PORTAL, "Automatic reply: SUPPORT NEEDED", "I am out of the office.", headers=(("Auto-Submitted", "auto-replied"),)),
    ]  # fmt: skip


def _typed(
    name: str, title: str, email: str, agency: str, kind: str, place: str, chief: str, chiefs: str, now: datetime
) -> dict[str, str]:  # fmt: skip
    ticks = ("attest_responsibilities", "attest_individual", "attest_purpose", "attest_terms")
    return {
        "applicant_name": name, "applicant_title": title, "applicant_role": "investigator", "applicant_badge": "3318",
        "applicant_email": email, "applicant_phone": "(392) 555-0121", "agency_name": agency, "agency_type": kind,
        "agency_country": "US", "agency_subdivision": place, "agency_address": "12 Court Street", "agency_switchboard": "(392) 555-0111",
        "supervisor_name": chief, "supervisor_title": "Lieutenant", "supervisor_email": chiefs, "supervisor_phone": "(392) 555-0122",
        **dict.fromkeys(ticks, "yes"), "code_word": "grey heron", "signed_on": f"{now:%Y-%m-%d}", "signature": name,
    }  # fmt: skip


def badge(name: str, agency: str, number: str) -> bytes:
    """Return a picture of an invented badge."""
    picture = Image.new("RGB", (640, 400), "#e8edf2")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, 640, 84), fill="#162e51")
    pen.text((28, 26), agency.upper(), fill="white", font_size=32)
    pen.rounded_rectangle((28, 116, 214, 366), 12, fill="#9aa8b8")
    pen.ellipse((82, 150, 160, 236), fill="#e8edf2")
    pen.pieslice((54, 246, 188, 420), 180, 360, fill="#e8edf2")
    for row, text in enumerate((name, "INVESTIGATOR", f"BADGE {number}", "INVENTED FOR THE DEMO")):
        pen.text((246, 130 + 58 * row), text, fill="#1b1b1b", font_size=30)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _subpoena(now: datetime) -> bytes:
    """Return a subpoena whose text can be read; a picture of one where nothing can print here."""
    first, last = ((now - timedelta(days=days)).strftime("%d %B %Y") for days in (75, 45))
    lines = (
        "CIRCUIT COURT OF MARROW COUNTY", "GRAND JURY SUBPOENA No. 2026-GJ-114", "To: Halyard Wholesale Communications, Inc.",
        "YOU ARE COMMANDED to produce the name and address of the service provider that was your customer for the number",
        "(292) 555-0142", f"for the period from {first} through {last}.",
        f"Dated: {(now - timedelta(days=2)).strftime('%d %B %Y')}",
        "[signature] A. Fairlamb, Prosecuting Attorney", "Invented for the demo; nobody signed this.",
    )  # fmt: skip
    try:
        return pdf.render(
            "<html lang=en><title>Subpoena</title><body>" + "".join(f"<p>{line}</p>" for line in lines)
        )
    except pdf.NoPrinter:
        return _paper("Grand jury subpoena 2026-GJ-114")


def _paper(words: str) -> bytes:
    picture = Image.new("RGB", (850, 1100), "white")
    pen = ImageDraw.Draw(picture)
    pen.text((90, 110), words, fill="black", font_size=34)
    pen.text((90, 190), "Invented for the demo; nobody signed this.", fill="black", font_size=22)
    out = io.BytesIO()
    picture.save(out, "PDF", resolution=100)
    return out.getvalue()
