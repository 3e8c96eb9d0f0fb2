"""What happens to trouble tickets, warnings about accounts of targets, and visits to switching offices."""

from tecum.audit.catalogue.words import AMOUNT, CODE, FLAG, ID, WHEN, Event, Maybe, access, change

TROUBLE: dict[str, Event] = {
    "trouble.reported": change(
        "opened trouble ticket {ticket} of surveillance {surveillance}", ticket=ID, surveillance=ID, channel=CODE
    ),
    "trouble.troubleshooting": change(
        "opened the internal ticket of {ticket}", ticket=ID, despite=FLAG, again=FLAG
    ),
    "trouble.looked": change("looked at the {part} for ticket {ticket}: {outcome}", ticket=ID, part=CODE, outcome=CODE),
    "trouble.found": change("wrote down what explains ticket {ticket}: {cause}", ticket=ID, cause=CODE),
    "trouble.told": change("told the agency what was found in ticket {ticket}", ticket=ID, cause=CODE, how=CODE),
    "trouble.closed": change("closed ticket {ticket} with what the agency found", ticket=ID),
    "trouble.work_shown": access("read where to look for ticket {ticket}", ticket=ID),
    "account.warned": change(
        "warned of an account in surveillance {surveillance}: {status}", warning=ID, surveillance=ID, status=CODE
    ),
    "account.raised": change("told the desk of an account that may end", warning=ID, times=AMOUNT),
    "account.agency_asked": change("asked the agency to keep an account active: {reason}", warning=ID, reason=CODE),
    "account.settled": change("settled a warning about an account: {how}", warning=ID, how=CODE),
    "visit.asked": change(
        "coordinated visit {visit} for surveillance {surveillance}", visit=ID, surveillance=ID, live=FLAG, visitors=AMOUNT
    ),
    "visit.agreed": change(
        "agreed the time of visit {visit}: {starts}", visit=ID, starts=WHEN, again=FLAG, kept=FLAG
    ),
    "visit.admitted": change(
        "let visitor {place} of visit {visit} in: {identification}", visit=ID, place=AMOUNT, identification=CODE
    ),
    "visit.left": change("visitor {place} of visit {visit} left", visit=ID, place=AMOUNT),
    "visit.turned_away": change("turned somebody away at {switch}: {why}", visit=Maybe(ID), switch=CODE, why=CODE),
    "visit.cancelled": change("called visit {visit} off: {why}", visit=ID, why=CODE),
    "visit.waited": change("said that visit {visit} waits for a date and time", visit=ID, live=FLAG),
}  # fmt: skip
