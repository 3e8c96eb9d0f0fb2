"""What happens to a surveillance: its authorities, its switches, its ends."""

from tecum.audit.catalogue.certifications import CERTIFICATIONS
from tecum.audit.catalogue.orders import ORDERS
from tecum.audit.catalogue.trouble import TROUBLE
from tecum.audit.catalogue.words import AMOUNT, CODE, FLAG, HASH, ID, WHEN, Event, Maybe, access, change

SURVEILLANCE: dict[str, Event] = {
    **ORDERS,
    **CERTIFICATIONS,
    **TROUBLE,
    "surveillance.opened": change("opened surveillance {surveillance} of case {case}", surveillance=ID, case=ID),
    "surveillance.proposed": change(
        "proposed to {act} in surveillance {surveillance}", surveillance=ID, proposal=ID, act=CODE, content=HASH
    ),
    "surveillance.approved": change(
        "approved to {act} in surveillance {surveillance}",
        surveillance=ID, proposal=ID, act=CODE, content=HASH, authority=ID, affirmed=FLAG,
    ),
    "surveillance.withdrawn": change(
        "took a proposal of surveillance {surveillance} back", surveillance=ID, proposal=ID
    ),
    "surveillance.on_desired": change(
        "desired tap {tap} on until {cut}: {why}",
        surveillance=ID, tap=ID, generation=AMOUNT, types=CODE, cut=WHEN, why=CODE,
    ),
    "surveillance.off_desired": change(
        "desired tap {tap} off: {why}", surveillance=ID, tap=ID, generation=AMOUNT, why=CODE
    ),
    "surveillance.end_moved": change("moved the cut of tap {tap} to {cut}", surveillance=ID, tap=ID, cut=WHEN),
    "surveillance.taken_over": change(
        "put tap {tap} under authority {authority}", surveillance=ID, tap=ID, authority=ID, narrowed=FLAG
    ),
    "surveillance.ended": change(
        "ended surveillance {surveillance}: {why}", surveillance=ID, why=CODE, taps=AMOUNT, whole=FLAG
    ),
    "surveillance.held": change(
        "held the cut of authority {authority} until {until} while papers are read",
        surveillance=ID, authority=ID, until=WHEN,
    ),
    "surveillance.hold_released": change(
        "let the held cut of authority {authority} happen", surveillance=ID, authority=ID
    ),
    "surveillance.on_seen": change(
        "saw tap {tap} on its switch as ordered", surveillance=ID, tap=ID, generation=AMOUNT, how=CODE
    ),
    "surveillance.off_seen": change(
        "saw tap {tap} off its switch", surveillance=ID, tap=ID, generation=AMOUNT, how=CODE, late=FLAG
    ),
    "surveillance.differs": change(
        "found a difference on switch {switch}: {kind}", mismatch=ID, kind=CODE, switch=CODE, tap=Maybe(ID), since=WHEN
    ),
    "surveillance.return_gone": change(
        "read switch {switch} without what had come back ({mismatch})", mismatch=ID, switch=CODE
    ),
    "surveillance.agrees": change("settled a difference: {kind}, {how}", mismatch=ID, kind=CODE, how=CODE),
    "surveillance.work_opened": change("opened technician's work {order}: {what}", surveillance=ID, tap=ID, order=ID, what=CODE),
    "surveillance.work_shown": access("read what work {order} asks for", surveillance=ID, order=ID),
    "surveillance.work_accepted": change("accepted work {order}: {what}", surveillance=ID, tap=ID, order=ID, what=CODE),
    "surveillance.work_given_back": change("gave work {order} back: {what}", surveillance=ID, tap=ID, order=ID, what=CODE),
    "surveillance.work_reported": change("reported work {order}: {what}", surveillance=ID, tap=ID, order=ID, what=CODE),
    "surveillance.work_confirmed": change("looked and confirmed work {order}: {what}", surveillance=ID, tap=ID, order=ID, what=CODE),
    "surveillance.work_differs": change(
        "what work {order} shows is not what was ordered: {what}", surveillance=ID, tap=ID, order=ID, what=CODE
    ),
    "surveillance.end_unaccepted": change(
        "told the desk that nobody accepted to make the cut of tap {tap}", surveillance=ID, tap=ID, cut=WHEN
    ),
    "surveillance.noticed": change(
        "a notice ahead of the end was due: {to}", surveillance=ID, authority=ID, to=CODE, sent=FLAG
    ),
    "surveillance.resume_proposed": change("proposed to let surveillance {surveillance} start again", surveillance=ID),
    "surveillance.resumed": change(
        "let surveillance {surveillance} start again, {taps} starts on their way", surveillance=ID, taps=AMOUNT
    ),
    "surveillance.end_asked": change(
        "noted that an agency asks for an end, request {request}: {channel}",
        surveillance=Maybe(ID), request=ID, channel=CODE, why=Maybe(CODE),
    ),
    "surveillance.end_settled": change(
        "settled request {request} for an end: {outcome}",
        surveillance=Maybe(ID), request=ID, outcome=CODE, called=Maybe(ID), why=Maybe(CODE),
    ),
    "surveillance.raised": change("told the desk of a difference: {kind}", mismatch=ID, kind=CODE, times=AMOUNT),
}  # fmt: skip
