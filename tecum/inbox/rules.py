"""
What a message is: pure decisions over its facts, the guide's mailboxes and what is known besides.

The mailbox that a message came to decides first, its words second: at the demands mailbox everything opens a case
(R-041), at the portal mailbox nothing is served (R-013), at an address that only sends nothing is answered but the way.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tecum.guide import phrases
from tecum.guide.model.desks import Mailbox
from tecum.guide.model.guide import Guide, NotInGuide
from tecum.guide.model.mail import Mail
from tecum.guide.model.words import Words
from tecum.inbox.facts import Authentication, Facts
from tecum.inbox.states import MessageClass
from tecum.inbox.vocabulary import PREFIXES, REFERENCE
from tecum.kernel import business

READ_CHARACTERS = 20_000  # of the text: who writes more says what it is at the beginning
LANES = ("mail-urgent", "mail", "mail-bulk")
APPLICATION, SUPPORT = "AP-", "SU-"  # how references of the portal's own begin: no case has one
UNTRUSTED = ("two_from", "several_from", "no_from", "too_deep", "too_many_parts")
PARTS_HELD = ("virus", "program", "bomb")
QUIET = frozenset({"delivery_report", "automatic_answer", "own_address"})
SERVED = frozenset({"portal", "demands", "status", "emergency"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """
    What a message is and why; without a class it waits for a person, who may find `proposed` right.

    `belongs_to` is the guide's mailbox it is for; a misdirected one is `meant` as what it would be there.
    """

    klass: MessageClass | None
    reason: str
    belongs_to: str = ""
    meant: MessageClass | None = None
    proposed: MessageClass | None = None
    reference: str = ""
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What is known besides the message: whose addresses are ours, which it answers, who really sent it."""

    own: frozenset[str] = frozenset()
    return_path: str | None = None
    answers_us: bool = False
    at_bounces: bool = False  # it came to the address that undeliverable messages come back to
    authentication: Authentication = Authentication()


@dataclass(frozen=True, slots=True)
class _Reading:
    """The words of a message, looked at once."""

    facts: Facts
    subject: str
    said: str
    reference: str
    civil: bool
    words: Words

    def says(self, wanted: Sequence[str]) -> bool:
        return phrases.found(wanted, self.said)


def classify(
    facts: Facts, *, boxes: Sequence[Mailbox], delivered: Sequence[str], known: Known, mail: Mail
) -> Verdict:
    """Return what a message is. `delivered` holds ids of the guide's mailboxes, "" for an address that is none."""
    reading = _read(facts, mail.words)
    urgent = is_urgent(facts, mail) or any(box.purpose == "emergency" for box in boxes if box.id in delivered)
    verdict = (
        _held(facts)
        or _automatic(reading, known)
        or _best([_at(box_id, reading, boxes, known) for box_id in delivered or [""]])
    )
    return replace(verdict, urgent=urgent, reference=reading.reference)


def rings(verdict: Verdict, boxes: Sequence[Mailbox], delivered: Collection[str]) -> bool:
    """
    Tell whether a message wakes somebody: all that comes to the mailbox of emergencies, whatever it seems to be.

    Fax machines and voicemail systems send automatically; only a report on a message of ours and somebody's automatic
    answer stay quiet.
    """
    there = any(box.purpose == "emergency" for box in boxes if box.id in delivered)
    return there and verdict.reason not in QUIET


def is_urgent(facts: Facts, mail: Mail) -> bool:
    """Tell whether a message speaks of an emergency (R-091)."""
    return _shouts(f"{facts.subject}\n{facts.text[:READ_CHARACTERS]}", mail)


def _shouts(text: str, mail: Mail) -> bool:
    """Tell whether a text holds one of the words of an emergency, or one of the carrier's own."""
    return phrases.found((*mail.words.urgent, *mail.urgent_words), text)


def lane(head: bytes, *, recent: int, urgent_box: bool, mail: Mail) -> str:
    """
    Return who reads a message, before anybody read it: from its first bytes and how many its sender sent lately.

    A storm from one sender goes to the slow lane whatever it shouts, so that it drowns nobody; what comes to the
    emergency mailbox always goes first.
    """
    if urgent_box:
        return LANES[0]
    if recent >= mail.storm:
        return LANES[2]
    return LANES[0] if _shouts(head.decode("latin-1"), mail) else LANES[1]


def decide_by(arrived_at: datetime, box: str, guide: Guide) -> datetime:
    """Return when a person should have decided (A4): the end of a business day of the desk that reads a mailbox."""
    try:
        calendar = guide.calendar(guide.desk(guide.mailbox(box or "portal").desk).calendar).kernel
    except NotInGuide:
        return arrived_at
    day = arrived_at.astimezone(calendar.tz).date()
    return business.end_of_business(
        calendar, business.add_business_days(calendar, day, guide.mail.decided_within)
    )


def is_civil(facts: Facts, words: Words) -> bool:
    """
    Tell whether a message declares or shows itself to be from a civil litigant or counsel (R-003, A4).

    Government attorneys and civil enforcement are not civil parties.
    """
    said = f"{facts.subject}\n{facts.text[:READ_CHARACTERS]}"
    if phrases.ends_domain(words.government_domains, facts.sender.domain):
        return False
    if phrases.found(words.government, said):
        return False
    return phrases.found(words.civil, said) or phrases.count(words.civil_hints, said) >= 2


def bare(subject: str) -> str:
    """Return a subject for comparison: no Re: and no mark of a gateway, one case, single spaces."""
    return re.sub(r"\s+", " ", PREFIXES.sub("", subject)).strip().casefold()


def as_duplicate(verdict: Verdict) -> Verdict:
    """Return the verdict on a message that came before, to the same end."""
    return replace(verdict, klass=MessageClass.DUPLICATE, reason="same_message", meant=None, proposed=None)


def _read(facts: Facts, words: Words) -> _Reading:
    said = f"{facts.subject}\n{facts.text[:READ_CHARACTERS]}\n" + "\n".join(facts.nested)
    found = REFERENCE.search(facts.subject) or REFERENCE.search(facts.text[:READ_CHARACTERS])
    return _Reading(
        facts, bare(facts.subject), said, found[1] if found else "", is_civil(facts, words), words
    )


def _held(facts: Facts) -> Verdict | None:
    """Return the quarantine of a message that nothing may be done with before a person looked."""
    signs = {sign for part in facts.parts for sign in part.signs} | set(facts.signs)
    for sign in (*UNTRUSTED, *PARTS_HELD):
        if sign in signs:
            return Verdict(MessageClass.QUARANTINED, sign)
    return None


def _automatic(reading: _Reading, known: Known) -> Verdict | None:
    """Return the class of what programs send: never answered, but a file in it is never overlooked (RFC 3834)."""
    facts = reading.facts
    submitted = facts.auto_submitted.partition(";")[0].strip()
    if facts.sender.address in known.own:
        return Verdict(MessageClass.AUTOMATIC, "own_address")
    if known.at_bounces or ("report" in facts.signs and known.return_path in {"", None}):
        return Verdict(MessageClass.AUTOMATIC, "delivery_report")
    if (
        submitted == "auto-replied"
        or "automatic_mark" in facts.signs
        or phrases.begins(reading.words.automatic, facts.subject)
    ):
        return Verdict(MessageClass.AUTOMATIC, "automatic_answer")
    by_program = (
        submitted not in {"", "no"} or known.return_path == "" or facts.precedence in {"bulk", "junk", "list"}
    )
    if (by_program or facts.mailing_list) and not facts.attachments and not reading.reference:
        return Verdict(MessageClass.AUTOMATIC, "automatic_mail")
    return None


def _best(verdicts: Sequence[Verdict]) -> Verdict:
    """Choose for a message that came to several mailboxes: at home in one of them before misdirected to another."""
    return min(verdicts, key=lambda each: (each.klass is MessageClass.MISDIRECTED, each.klass is None))


def _at(box_id: str, reading: _Reading, boxes: Sequence[Mailbox], known: Known) -> Verdict:
    """Return what a message is at one mailbox."""
    box = next((each for each in boxes if each.id == box_id), None)
    if box is not None and box.purpose in SERVED and not box.no_reply:
        return _at_served(box, reading, boxes, known)
    if box is None or box.no_reply:
        reason = "no_reply_mailbox" if box else "other_mailbox"
        return _passed_on(box.forward_to if box else "", reason, reading, boxes, known)
    if reading.reference or known.answers_us:
        return Verdict(MessageClass.CASE_REPLY, "case_named" if reading.reference else "answers_us", box.id)
    return Verdict(None, "mailbox_without_rule", box.id)


def _passed_on(
    forward_to: str, reason: str, reading: _Reading, boxes: Sequence[Mailbox], known: Known
) -> Verdict:
    """Return the misdirected message's true place: where its words belong, else where the guide passes it on to."""
    served = {box.purpose: box for box in reversed(boxes) if box.purpose in SERVED and not box.no_reply}
    follow = next((box for box in boxes if box.id == forward_to), served.get("portal"))
    if "demands" in served and _what(reading, boxes)[0] is MessageClass.LEGAL_DEMAND and forward_to == "":
        follow = served["demands"]
    if follow is None:
        return Verdict(None, reason)
    there = _at_served(follow, reading, boxes, known)
    if there.proposed is MessageClass.CIVIL:
        return there
    target = there.belongs_to or follow.id
    return Verdict(MessageClass.MISDIRECTED, reason, target, meant=there.meant or there.klass)


def _at_served(box: Mailbox, reading: _Reading, boxes: Sequence[Mailbox], known: Known) -> Verdict:
    what, reason = _what(reading, boxes)
    if box.purpose == "portal":
        return _at_portal(box, what, reason, reading, boxes, known)
    if what in {MessageClass.APPLICATION, MessageClass.SUPPORT}:
        return _elsewhere(what, reason, "portal", box, boxes)
    if box.purpose == "status":
        if what is MessageClass.LEGAL_DEMAND and reading.facts.attachments and not reading.reference:
            return _elsewhere(what, reason, "demands", box, boxes)
        return Verdict(
            MessageClass.STATUS, reason if what is MessageClass.STATUS else "status_mailbox", box.id
        )
    if what is MessageClass.STATUS:
        return _elsewhere(what, reason, _home(reason), box, boxes)
    if what is MessageClass.CASE_REPLY or known.answers_us:
        return Verdict(MessageClass.CASE_REPLY, reason if what else "answers_us", box.id)
    # R-041, A4: at the demands mailbox what nobody can classify opens a case too, and is answered.
    return Verdict(
        MessageClass.LEGAL_DEMAND,
        f"{'emergency' if box.purpose == 'emergency' else 'demand'}_mailbox",
        box.id,
    )


def _at_portal(
    box: Mailbox,
    what: MessageClass | None,
    reason: str,
    reading: _Reading,
    boxes: Sequence[Mailbox],
    known: Known,
) -> Verdict:
    if what is not MessageClass.APPLICATION and reading.civil and box.silent_parties:
        return Verdict(None, "civil_words", box.id, proposed=MessageClass.CIVIL)
    if what in {MessageClass.APPLICATION, MessageClass.SUPPORT, MessageClass.CASE_REPLY}:
        return Verdict(what, reason, box.id)
    if what is MessageClass.LEGAL_DEMAND:
        return _elsewhere(what, reason, "demands", box, boxes)  # the portal mailbox takes no demand
    if what is MessageClass.STATUS:
        return _elsewhere(what, reason, _home(reason), box, boxes)
    if known.answers_us:
        return Verdict(MessageClass.SUPPORT, "answers_us", box.id)
    unread = "sealed_mail" if {"encrypted", "opaque"} & set(reading.facts.signs) else "nothing_recognised"
    return Verdict(None, unread, box.id)


def _elsewhere(
    what: MessageClass, reason: str, purpose: str, here: Mailbox, boxes: Sequence[Mailbox]
) -> Verdict:
    """Return a message that belongs to another mailbox; where the guide has none for it, it stays here."""
    there = next((box for box in boxes if box.purpose == purpose and not box.no_reply), None)
    if there is None or there.id == here.id:
        return Verdict(what, reason, here.id)
    return Verdict(MessageClass.MISDIRECTED, reason, there.id, meant=what)


def _what(reading: _Reading, boxes: Sequence[Mailbox]) -> tuple[MessageClass | None, str]:
    """Return what a message says it is, whatever mailbox it came to."""
    said = _by_subject(reading, boxes) or _application(reading)
    if said is not None:
        return said
    if reading.reference:
        return _about_a_case(reading)
    if reading.says(reading.words.support) and not reading.says(reading.words.demand):
        return MessageClass.SUPPORT, "support_words"
    if reading.says(reading.words.demand):
        return MessageClass.LEGAL_DEMAND, "demand_words"
    return None, ""


def _by_subject(reading: _Reading, boxes: Sequence[Mailbox]) -> tuple[MessageClass, str] | None:
    """Compare the subject with those that the guide asks for (R-048, R-068)."""
    for box in boxes:
        asked = {**({"application": box.subject_line} if box.subject_line else {}), **box.subject_lines}
        for occasion, klass in (("support", MessageClass.SUPPORT), ("application", MessageClass.APPLICATION)):
            line = bare(asked.get(occasion, ""))
            if line and line in reading.subject:
                return klass, f"{occasion}_subject"
    return None


def _application(reading: _Reading) -> tuple[MessageClass, str] | None:
    files = reading.facts.attachments
    if any("form" in part.signs and _fields_of_ours(part.fields) for part in files):
        return MessageClass.APPLICATION, "application_form"
    if files and reading.says(reading.words.application):
        return MessageClass.APPLICATION, "application_words"
    return None


def _fields_of_ours(fields: tuple[tuple[str, str], ...]) -> bool:
    """Tell whether a PDF form is an application (A5): it asks for an applicant and a supervisor."""
    names = " ".join(name.casefold() for name, _ in fields)
    return "applicant" in names and "supervisor" in names


def _home(reason: str) -> str:
    """Return the purpose of the mailbox that tells how a thing stands: an application is the portal's (R-060)."""
    return "portal" if reason == "application_status" else "status"


def _about_a_case(reading: _Reading) -> tuple[MessageClass, str]:
    if reading.reference.startswith(SUPPORT):
        return MessageClass.SUPPORT, "support_named"
    if reading.reference.startswith(APPLICATION):
        asks = reading.says(reading.words.status) and not reading.says(reading.words.withdrawal)
        status = (MessageClass.STATUS, "application_status")
        return status if asks else (MessageClass.SUPPORT, "application_named")
    if reading.says(reading.words.withdrawal):
        return MessageClass.STATUS, "withdrawal_words"
    if reading.says(reading.words.status):
        return MessageClass.STATUS, "status_words"
    return MessageClass.CASE_REPLY, "case_named"
