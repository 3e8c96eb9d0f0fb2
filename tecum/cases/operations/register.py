"""Only identified contacts are honoured (R-072 to R-074, A10): what comes from, or would go to, anybody else stops."""

from datetime import datetime

from tecum.agencies import queries as agencies
from tecum.cases.queries.reading import CaseView
from tecum.cases.rules import sentence
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import Refused
from tecum.policy import queries as policy


class OutsideRegister(Refused):
    """Somebody who does not stand in the register of authorised contacts for this subject."""


def refuse_outside_register(home: CaseView, way: str, *, by: Actor, now: datetime) -> None:
    """
    Refuse to act for, or to tell, somebody who does not speak for the case's agency in its subject.

    `way` is a mail address, or ten digits. The refusal says who does; the door remembers it in the trail.

    :raises OutsideRegister: with the right contacts
    """
    if agencies.honoured(agency=home.agency, desk=home.desk, way=way):
        return
    clerk = Actor.system("cases")
    named = [
        each.name
        for each in agencies.contacts(agency=home.agency, by=clerk, now=now)
        if not each.waits and home.desk in {"", each.desk}
    ]
    guide = policy.at(now)
    subject = next((each.name for each in guide.desks if each.id == home.desk), "this subject")
    who = f"It named {sentence(named)}." if named else "It names nobody now."
    said = way or "Whoever that is"
    raise OutsideRegister(
        f"{said} does not stand in the register of this agency's contacts for {subject}. {who}"
    )
