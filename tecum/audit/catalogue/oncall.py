"""What happens on the on-call ladder; callers and numbers are sealed elsewhere, never here."""

from tecum.audit.catalogue.words import AMOUNT, CODE, FLAG, ID, WHEN, Event, access, change

ONCALL: dict[str, Event] = {
    "oncall.begun": change(
        "began escalation {escalation} about {about}: {cause}",
        escalation=ID, about=ID, cause=CODE, ladder=CODE, steps=AMOUNT, drill=FLAG,
    ),
    "oncall.came_again": change("reported again what escalation {escalation} is about", escalation=ID, cause=CODE),
    "oncall.step_fired": change(
        "fired step {step} of escalation {escalation}: {pages} pages", escalation=ID, step=AMOUNT, repeat=AMOUNT, pages=AMOUNT
    ),
    "oncall.page_failed": change(
        "a page of escalation {escalation} could not be delivered", escalation=ID, step=AMOUNT, notice=ID, left=AMOUNT
    ),
    "oncall.taken": change("took escalation {escalation}", escalation=ID, way=CODE),
    "oncall.called_back": change(
        "called back, {minutes} minutes after escalation {escalation} was received",
        escalation=ID, called_at=WHEN, minutes=AMOUNT, steps=AMOUNT,
    ),
    "oncall.caller_read": access("read who called in escalation {escalation}", escalation=ID),
    "oncall.shift_entered": change(
        "put {person} on call", shift=ID, person=ID, begins=WHEN, ends=WHEN, kind=CODE, place=AMOUNT
    ),
    "oncall.shift_removed": change("took shift {shift} from the roster", shift=ID),
    "oncall.rotation_entered": change("entered a rotation of {shifts} shifts", shifts=AMOUNT, people=AMOUNT),
    "oncall.call_taken": change("typed in a call, escalation {escalation}", escalation=ID),
    "oncall.caller_said": change(
        "wrote down what the caller of escalation {escalation} said was tried", escalation=ID, facts=AMOUNT
    ),
    "oncall.drill_begun": change("began the drill {escalation}", escalation=ID),
    "oncall.drill_ended": change("ended the drill {escalation}", escalation=ID, taken=FLAG),
    "oncall.stood_down": change(
        "ended escalation {escalation}: what it told of is over", escalation=ID, taken=FLAG, steps=AMOUNT
    ),
    "oncall.gaps_told": change(
        "told the keepers of the roster of {gaps} gaps", gaps=AMOUNT, drill_late=FLAG, told=AMOUNT
    ),
    "oncall.ways_set": change("said how {person} is reached on call", person=ID, ways=AMOUNT),
}  # fmt: skip
