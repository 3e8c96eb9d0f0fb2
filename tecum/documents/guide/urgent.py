"""What to do now when a life is in danger, for the top of the first page."""

from datetime import date

from tecum.documents.guide.parts import escape, listed, paragraph
from tecum.guide.model.desks import Desk, Ladder, Step
from tecum.guide.model.guide import Guide


def emergencies_first(guide: Guide, on: date) -> str:
    """Return what to do now, for the top of the first page."""
    wanted = guide.on(guide.emergencies, on)
    if not wanted:
        return ""
    ladder = next((one for one in guide.ladders if one.id in {e.ladder for e in wanted}), None)
    desk = next((d for d in guide.desks if d.id in {e.desk for e in wanted} and d.phone), None)
    steps = [escape(_step(step)) for step in ((*ladder.caller_first, *ladder.steps) if ladder else ())]
    begins = ladder is not None and bool(ladder.caller_first)  # then the steps say whom to call
    said = "" if begins else _call(guide, desk, ladder) or _write(guide, {e.desk for e in wanted})
    more = '<p>What is needed: <a href="#emergencies">Emergencies without legal process</a>.</p>'
    listed_steps = listed(steps, "ol") if len(steps) > 1 else ""
    return f'<section class="urgent" id="now"><h2>Is a life in danger?</h2>{paragraph(said)}{listed_steps}{more}</section>'


def _call(guide: Guide, desk: Desk | None, ladder: Ladder | None) -> str:
    """Return whom to call, and when somebody answers there; nothing where nobody can be called."""
    calendar = guide.calendar(desk.calendar) if desk and desk.calendar else None
    always = calendar is not None and calendar.kernel.always
    call = next((s for s in (ladder.steps if ladder else ()) if s.by == "call" and s.to), None)
    if call is not None and not always:
        return f"Call {call.to}, the {call.who}, at any hour."
    when = "at any hour" if always else f"when it is staffed: {calendar.text}" if calendar else ""
    return f"Call {desk.phone}, {', '.join(filter(None, (desk.name, when)))}." if desk else ""


def _write(guide: Guide, desks: set[str]) -> str:
    """Return where an emergency is written to when nobody can be called: the emergency mailbox, else the desk's own."""
    boxes = [box.address for box in guide.mailboxes if box.purpose == "emergency"]
    boxes += [desk.email for desk in guide.desks if desk.id in desks and desk.email]
    return f"Write to {boxes[0]}." if boxes else ""


VERBS = {
    "page": "Page",
    "call": "Call",
    "voicemail": "Leave a voicemail for",
    "sms": "Text",
    "email": "Write to",
}


def _step(step: Step) -> str:
    """Return one step of a ladder as what the reader does, or as what happens by itself."""
    wait = f" If nobody calls back within {step.wait}, go on." if step.wait else ""
    if step.acts == "system":
        return f"We reach the {step.who} for you.{wait}"
    to = step.to or (f"the number told in the {step.told_in}" if step.told_in else "")
    tell = f" Say: {'; '.join(step.tell)}." if step.tell else ""
    if step.by == "voicemail" and not step.to:
        return f"Leave a voicemail.{tell}{wait}"
    return f"{VERBS.get(step.by, 'Reach')} the {step.who}{f': {to}' if to else ''}.{tell}{wait}"
