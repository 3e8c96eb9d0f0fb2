"""What happens to trouble tickets and to warnings about accounts of targets."""

from tecum.audit.catalogue.words import AMOUNT, CODE, FLAG, ID, Event, access, change

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
}  # fmt: skip
