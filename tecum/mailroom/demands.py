"""Messages about cases: a legal demand opens one and is answered; a reply joins one, or waits for a person."""

from collections.abc import Mapping
from datetime import datetime

from tecum.accounts import queries as accounts
from tecum.agencies import queries as agencies
from tecum.cases import operations as cases
from tecum.cases import queries as files
from tecum.cases.facts import Contact
from tecum.cases.queries import CaseView
from tecum.cases.rules import judged
from tecum.cases.states import EntryState
from tecum.deadlines import operations as deadlines
from tecum.demands import operations as demands
from tecum.guide.model.guide import Guide
from tecum.inbox import operations as inbox
from tecum.inbox import queries
from tecum.inbox.queries import Content, MessageView
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours
from tecum.mailroom import emergencies
from tecum.mailroom.answering import asking_of, incoming, right_address
from tecum.notices import operations as notices
from tecum.notices import queries as sent
from tecum.policy import queries as policy
from tecum.process import messages
from tecum.surveillance.operations import orders, trouble

GATHER = "process.gather"


class LeftToAPerson(Exception):
    """A message that nothing here can work on by itself; it rests in the mailroom."""


def take(message: MessageView, by: Actor, now: datetime) -> str:
    """Open the case of a legal demand, from the instant at which it arrived, and answer it once (R-041, R-042)."""
    content = queries.content(message.id)
    sender = content.facts.sender
    proven = content.authentication.verdict == "aligned"
    homes = agencies.of_domain(sender.domain) if proven else []
    home = homes[0].id if len(homes) == 1 else ""
    guide = policy.at(now)
    if emergencies.is_one(message, guide):
        return emergencies.take(message, content, guide, home, _box(message, guide), by=by, now=now)
    if _to_orders(message, guide):  # an order, or what else is for Court Order Compliance
        return _take_order(message, content, home, by, now)
    values = _form_c(content, guide, now)
    received = demands.receive(
        channel="email", received_at=message.arrived_at, message=message.id,
        contact=Contact.read({"name": sender.name, "email": sender.address, "agency_name": homes[0].name if home else ""}),
        agency=home, incoming=incoming(content), mailbox=_box(message, guide), desk=demands.desk_of(guide, now) if values else "",
        right_address=right_address(message, now), people=_officer(sender.address, home), by=by, now=now,
    )  # fmt: skip
    matter = files.case(case=received.case, by=by, now=now).matter
    deadlines.arm(GATHER, subject=received.id, due_at=now, matter=matter, now=now)
    if not values:
        return "case"
    demands.take_form(case=received.case, values=values, by=by, now=now)
    return "form_c"


def _form_c(content: Content, guide: Guide, now: datetime) -> Mapping[str, tuple[str, ...]]:
    """Return what was typed into the first form C among the papers of a message; nothing where none is (R-183)."""
    filled = (
        demands.recognised(guide, dict(part.fields), now) for part in content.facts.parts if part.fields
    )
    return next((each for each in filled if each), {})


def _take_order(message: MessageView, content: Content, home: str, by: Actor, now: datetime) -> str:
    """Open the case of a court order; its sender is told the number, and gets the receipt (R-131)."""
    sender = content.facts.sender
    received = orders.receive(
        channel="email", received_at=message.arrived_at, message=message.id,
        contact=Contact.read({"name": sender.name, "email": sender.address}), agency=home, incoming=incoming(content),
        mailbox=_box(message, policy.at(now)), people=_officer(sender.address, home), by=by, now=now,
    )  # fmt: skip
    matter = files.case(case=received.case, by=by, now=now).matter
    deadlines.arm(GATHER, subject=received.id, due_at=now, matter=matter, now=now)
    return "order"


def _to_orders(message: MessageView, guide: Guide) -> bool:
    """Tell whether a message came to the desk of court orders, by the guide's mailbox."""
    named = message.belongs_to or message.mailbox
    desk = next((each.desk for each in guide.mailboxes if each.id == named), "")
    return bool(desk) and desk == guide.expiry.desk


def join(message: MessageView, by: Actor, now: datetime) -> str:
    """
    Put a reply into the case that it names or answers. A sender whom nobody vouches for is told whom to turn to, in the
    same words whether there is such a case or not (A10, decisions part E: a reference opens nothing).
    """
    content = queries.content(message.id)
    home = _case_of(message, content, now=now)
    if home is None:
        turn_away(message, content, by=by, now=now)
        raise LeftToAPerson
    facts = content.facts
    domains = agencies.agency(id=home.agency, by=by, now=now).domains if home.agency else ()
    sender = judged(
        address=facts.sender.address, proven=content.authentication.verdict == "aligned",
        contacts=[home.contact.email], agency_domains=domains,
    )  # fmt: skip
    said = {"subject": facts.subject, "from": facts.sender.address, "text": facts.text}
    entry, state = cases.join_message(
        case=home.id, message=message.id, sender=sender, said=said, at=message.arrived_at, by=by, now=now
    )
    if state is EntryState.HELD:
        turn_away(message, content, by=by, now=now)
        return "held"
    lost = trouble.heard(
        case=home.id, entry=entry, reporter=facts.sender.name or facts.sender.address, words=f"{facts.subject}\n{facts.text}",
        at=message.arrived_at, by=by, now=now,
    )  # fmt: skip
    if lost:
        return "trouble"
    answered = demands.answer_fee_by_mail(
        case=home.id, asking_=asking_of(content), text=facts.text, entry=entry, by=by, now=now
    )  # fmt: skip
    return f"fee_{answered}" if answered else "joined"


def belongs_to_its_case(message: MessageView, *, by: Actor, now: datetime) -> None:
    """
    Let a message that names a case be seen by whoever may know of that case: of a sealed one only by its list.

    The caller keeps messages that speak of an emergency out of this: naming a sealed case must never hide one.
    """
    try:
        home = files.by_reference(reference=message.names_case, by=by, now=now)
    except NotYours:
        return
    inbox.belongs(message.id, matter=home.matter, by=by, now=now)


def _case_of(message: MessageView, content: Content, *, now: datetime) -> CaseView | None:
    """Return the case that a message names, else the one whose letter of ours it answers."""
    clerk = Actor.system("mailroom")
    if message.names_case:
        try:
            return files.by_reference(reference=message.names_case, by=clerk, now=now)
        except NotYours:
            return None
    for matter in sent.matters_of([f"<{each}>" for each in content.facts.refers_to]):
        try:
            return files.by_matter(matter=matter, by=clerk, now=now)
        except NotYours:
            continue
    return None


def turn_away(message: MessageView, content: Content, *, by: Actor, now: datetime) -> None:
    """Answer with the right point of contact and nothing else (R-073, R-074)."""
    guide = policy.at(now)
    box = _box(message, guide)
    desks = {each.id: each for each in guide.desks if each.public}
    desk = desks.get(next((each.desk for each in guide.mailboxes if each.id == box), "")) or next(
        iter(desks.values()), None
    )
    where = (
        [line for line in (desk.name, desk.phone, desk.email or guide.mailbox(box).address) if line]
        if desk
        else []
    )
    notices.reply(
        messages.CONTACT_UNKNOWN.name, to=incoming(content),
        context={"subject": content.facts.subject[:120] or "(no subject)", "where": where or [guide.carrier.name]},
        mailbox=box, matter=message.matter, by=by, now=now,
    )  # fmt: skip


def _box(message: MessageView, guide: Guide) -> str:
    """Return the mailbox that an answer comes from: where the message belongs, else where cases are written from."""
    named = message.belongs_to or message.mailbox
    known = {each.id for each in guide.mailboxes if not each.no_reply}
    return named if named in known else guide.writes_from


def _officer(address: str, agency: str) -> tuple[str, ...]:
    """Return the account of a proven sender, who then sees how the own case stands."""
    person = accounts.id_of(address) if agency else ""
    ref = f"person:{person}"
    return (ref,) if person and accounts.agency_of(ref) == agency else ()
