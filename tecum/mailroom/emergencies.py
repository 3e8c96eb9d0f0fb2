"""
A message that speaks of an emergency opens an emergency, whichever of our addresses it came to (R-093, R-095).

Too many are taken for one rather than too few: a person says in a moment that it is an ordinary demand or an order.
"""

from collections.abc import Mapping
from datetime import datetime

from tecum.cases import queries as cases
from tecum.deadlines import operations as deadlines
from tecum.documents.forms import carriers
from tecum.exigent import operations as exigent
from tecum.exigent.rules import reading
from tecum.exigent.rules.facts import Said
from tecum.guide.calculators import forms as judging
from tecum.guide.model.guide import Guide, NotInGuide
from tecum.guide.questions import Question
from tecum.inbox.queries import Content, MessageView
from tecum.kernel.actors import Actor
from tecum.mailroom.answering import incoming, right_address

FORM = "exigent"


def is_one(message: MessageView, guide: Guide) -> bool:
    """Tell whether a message is handled as an emergency: it speaks of one, and the guide says what is done then."""
    return message.urgent and bool(guide.emergencies)


def said_of(content: Content, guide: Guide, now: datetime) -> Said:
    """Return what a message suggests: by the typed form among its papers, else by its words (R-094)."""
    facts = content.facts
    answers = facts.reply_to[0].address if len(facts.reply_to) == 1 else ""
    letter = reading.of_letter(
        f"{facts.subject}\n{facts.text}", guide, name=facts.sender.name, email=facts.sender.address, reply_to=answers,
        verdict=content.authentication.verdict,
    )  # fmt: skip
    values = _typed(content, guide, now)
    if not values:
        return letter
    form = reading.of_form(values, guide, email=facts.sender.address, circumstances=facts.text)
    return Said.read(
        {**form.as_dict(), "words": letter.words, "reply_to": letter.reply_to, "verdict": letter.verdict}
    )


def _typed(content: Content, guide: Guide, now: datetime) -> Mapping[str, tuple[str, ...]]:
    """Return what was typed into the first exigent form among the papers; nothing where none is."""
    on = now.astimezone(guide.carrier.zone.tz).date()
    try:
        form = judging.judge(guide, Question(on=on), FORM)
    except NotInGuide:
        return {}
    made = next(each for each in guide.on(guide.forms, on) if each.id == form.form)
    for part in content.facts.parts:
        typed = dict(part.fields)
        values = carriers.entries(carriers.carrier_form(guide, made), typed) if typed else {}
        if values.get("from_agency") or values.get("grounds"):
            return values
    return {}


def take(
    message: MessageView, content: Content, guide: Guide, home: str, mailbox: str, *, by: Actor, now: datetime
) -> str:
    """Open the emergency of a message; its papers are taken over a moment later."""
    said = said_of(content, guide, now)
    got = exigent.receive(
        said=said, channel="email", received_at=message.arrived_at, agency=home, message=message.id, incoming=incoming(content),
        mailbox=mailbox, right_address=right_address(message, now), by=by, now=now,
    )  # fmt: skip
    matter = cases.case(case=got.case, by=by, now=now).matter
    deadlines.arm("process.gather", subject=got.received.id, due_at=now, now=now, matter=matter)
    return "emergency"
