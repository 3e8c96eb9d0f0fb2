"""What happens to a surveillance: its authorities, its switches, its ends."""

from tecum.audit.catalogue.words import AMOUNT, CODE, FLAG, HASH, ID, WHEN, Event, change

SURVEILLANCE: dict[str, Event] = {
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
}  # fmt: skip
