"""Reading a message and saying what it is: the work outside any transaction, the verdict in one."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction

from tecum.audit import operations as audit
from tecum.deadlines import operations as deadlines
from tecum.documents import operations as documents
from tecum.guide.model.guide import Guide
from tecum.inbox import rules
from tecum.inbox.addresses import BOUNCES
from tecum.inbox.drivers import authentication, clamd
from tecum.inbox.drivers.reader import NoSuchPart, Reader, Unreadable
from tecum.inbox.facts import Authentication, Envelope, Facts, as_json
from tecum.inbox.models import Delivery, InboundMessage, Judgement, ViewCopy
from tecum.inbox.rules import Known, Verdict
from tecum.inbox.states import MessageClass, State
from tecum.kernel.actors import Actor
from tecum.notices import operations as notices
from tecum.policy import queries as policy
from tecum.secrecy import operations as secrecy

A_MOMENT = timedelta(seconds=10)
log = structlog.get_logger()
COPIED = ("application/pdf", "image/")
PAGE = "page"
PROVED_HERE = Authentication("aligned", by="a code sent to the address")
MOST_COPIES, LARGEST_COPIED = 8, 25 << 20


@dataclass(frozen=True, slots=True)
class _Read:
    """All that was learnt of a message before anything was written."""

    verdict: Verdict
    facts: Facts
    authentication: Authentication
    twin: str = ""
    copies: tuple[tuple[str, str, documents.Kept], ...] = ()


def judge(claimed: deadlines.Claim, *, reader: Reader, by: Actor, now: datetime) -> Verdict | None:
    """
    Read the message of a claimed deadline and say what it is; None when that was said before.

    A message that cannot be read is quarantined with the reason. The verdict, its event and the end of the deadline
    are one transaction; until then the message is queued.

    :raises deadlines.LeaseLost: when the deadline passed to another process meanwhile
    :raises Refused: when the stored bytes cannot be had: the deadline is tried again, then lies for a person
    """
    row = InboundMessage.objects.get(pk=claimed.subject)
    if row.state != State.RECEIVED:
        deadlines.complete(claimed, now=now)
        return None
    guide = policy.at(now)
    read = _read(row, guide, reader=reader)
    try:
        return _settle(row, read, claimed, guide, by=by, now=now)
    except IntegrityError:  # another reader took a copy of it for the first at the same moment
        return _settle(row, read, claimed, guide, by=by, now=now)


def _read(row: InboundMessage, guide: Guide, *, reader: Reader) -> _Read:
    raw = documents.read(row.raw)
    boxes, envelope = _handed_over(row)
    try:
        facts = reader.facts(raw, row.form)
    except Unreadable as fault:
        held = Verdict(MessageClass.QUARANTINED, f"unreadable_{fault.reason}")
        urgent = row.lane == rules.LANES[0]
        return _Read(replace(held, urgent=urgent), Facts(), Authentication())
    if _infected(raw):
        facts = replace(facts, signs=(*facts.signs, "virus"))
    known = _known(row.door, facts, raw, boxes, envelope, guide)
    verdict = rules.classify(
        facts, boxes=guide.mailboxes, delivered=_plain(boxes), known=known, mail=guide.mail
    )
    twin = _twin(facts) if verdict.klass is not MessageClass.QUARANTINED else ""
    return _Read(verdict, facts, known.authentication, twin, tuple(_copies(row, facts, raw, reader)))


def _handed_over(row: InboundMessage) -> tuple[list[str], Envelope]:
    """Return the mailboxes that a message came to, and the envelope of its first delivery."""
    deliveries = list(Delivery.objects.filter(message=row).order_by("pk"))
    said = json.loads(
        secrecy.read_bytes(bytes(deliveries[0].envelope), matter=row.matter, about=f"envelope {row.id}")
    )
    boxes = list(dict.fromkeys(each.mailbox for each in deliveries))
    return boxes, Envelope(**{**said, "recipients": tuple(said["recipients"])})


def _plain(boxes: Sequence[str]) -> list[str]:
    return ["" if box == BOUNCES else box for box in boxes]


def _known(
    door: str, facts: Facts, raw: bytes, boxes: Sequence[str], envelope: Envelope, guide: Guide
) -> Known:
    path = envelope.sender if envelope.sender is not None else facts.return_path
    own = notices.own_addresses(guide)
    domains = {address.rpartition("@")[2] for address in own}
    trust = authentication.Policy(
        settings.TECUM_MAIL_AUTHSERV_ID, settings.TECUM_MAIL_OWN_RECEIVED, settings.TECUM_MAIL_ASK_DNS
    )
    address, helo = authentication.handed_in(facts.received, trust)
    asked = authentication.Asked(path or "", address or envelope.address, helo or envelope.helo)
    return Known(
        own=own,
        return_path=path,
        answers_us=any(each.rpartition("@")[2].lower() in domains for each in facts.refers_to),
        at_bounces=BOUNCES in boxes,
        # What came through our own page was written there by whoever proved the address by a code.
        authentication=PROVED_HERE
        if door == PAGE
        else authentication.judge(facts, raw, policy=trust, asked=asked),
    )


def _infected(raw: bytes) -> bool:
    if not settings.TECUM_CLAMD:
        return False
    try:
        return clamd.scan(raw, address=settings.TECUM_CLAMD) != ""
    except clamd.NoScanner as fault:
        log.warning("mail.not_scanned", fault=str(fault))
        return False


def _twin(facts: Facts) -> str:
    """Return what two copies of one message have in common: its own id, or date and subject, and all it says."""
    own = facts.message_id or f"{facts.date}\0{facts.subject}"
    return secrecy.fingerprint(f"{own}\0{facts.digest}".encode("utf-8", "replace"), purpose="twin")


def _copies(
    row: InboundMessage, facts: Facts, raw: bytes, reader: Reader
) -> list[tuple[str, str, documents.Kept]]:
    """Make harmless copies of what people will want to see; a file of which none can be made stays as it is."""
    made = []
    for part in [each for each in facts.attachments if each.sniffed.startswith(COPIED)][:MOST_COPIES]:
        if part.size > LARGEST_COPIED or {"encrypted", "damaged"} & set(part.signs):
            continue
        try:
            media_type, content = reader.copy(raw, part.number, row.form)
        except (NoSuchPart, Unreadable) as fault:
            log.info("mail.no_copy", fault=str(fault))
            continue
        made.append((part.number, media_type, documents.put(content, matter=row.matter)))
    return made


@transaction.atomic
def _settle(
    row: InboundMessage, read: _Read, claimed: deadlines.Claim, guide: Guide, *, by: Actor, now: datetime
) -> Verdict:
    """Write the verdict down."""
    verdict, original = read.verdict, None
    if read.twin:
        same = InboundMessage.objects.filter(twin=read.twin, belongs_to=verdict.belongs_to, duplicate_of=None)
        original = same.exclude(pk=row.pk).first()
    if original is not None:
        verdict = rules.as_duplicate(verdict)
    said = json.dumps(
        {"facts": as_json(read.facts), "authentication": _as_list(read.authentication)}
    ).encode()
    changed = row.turn(
        was=State.RECEIVED,
        state=State.WAITING if verdict.klass is None else State.CLASSIFIED,
        facts=secrecy.seal_bytes(said, matter=row.matter, about=f"facts {row.id}"),
        twin=read.twin,
        duplicate_of=original,
        attachments=len(read.facts.attachments),
        due_at=rules.decide_by(row.arrived_at, verdict.belongs_to, guide) if verdict.klass is None else None,
        judged_at=now,
        judged_by=by.ref,
        guide_version=guide.version,
        **_columns(verdict),
    )
    if not changed:
        raise deadlines.LeaseLost
    deadlines.finish(claimed, now=now)
    if original is not None:
        secrecy.make_part(row.matter, of=original.matter)
    for number, media_type, kept in read.copies:
        file = documents.enter(kept, purpose="view_copy", media_type=media_type, by=by, now=now)
        ViewCopy.objects.create(message=row, part=number, file=file.id, media_type=media_type)
    Judgement.objects.create(
        message=row,
        klass=verdict.klass or "",
        reason=verdict.reason,
        belongs_to=verdict.belongs_to,
        by=by.ref,
        at=now,
    )
    audit.record(
        "mail.judged", by=by, at=now, matter=row.matter, message=row.id, klass=verdict.klass or "waiting",
        reason=verdict.reason, belongs_to=verdict.belongs_to or None, of=original.id if original else None,
    )  # fmt: skip
    boxes = set(Delivery.objects.filter(message=row).values_list("mailbox", flat=True))
    if original is None and rules.rings(verdict, guide.mailboxes, boxes):
        # A moment later: what becomes the case of an emergency meanwhile rings about that.
        deadlines.arm("mail.rings", subject=row.id, matter=row.matter, due_at=now + A_MOMENT, now=now)
    if verdict.klass is not None:
        deadlines.arm("mail.route", subject=row.id, due_at=now, now=now)
    return verdict


def _columns(verdict: Verdict) -> dict[str, object]:
    return {
        "klass": verdict.klass or "",
        "proposed": verdict.proposed or "",
        "reason": verdict.reason,
        "belongs_to": verdict.belongs_to,
        "meant": verdict.meant or "",
        "urgent": verdict.urgent,
        "names_case": verdict.reference,
    }


def _as_list(known: Authentication) -> dict[str, object]:
    return {
        "verdict": known.verdict, "spf": known.spf, "dkim": known.dkim, "by": known.by, "domains": list(known.domains),
    }  # fmt: skip
