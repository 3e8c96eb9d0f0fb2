"""What an application is judged by, and what two people approve."""

import hashlib
import json
from datetime import datetime

from tecum.guide.model.guide import Guide
from tecum.kernel import business
from tecum.vetting.facts import FormValues
from tecum.vetting.rules.checks import REQUIRED, Answer, Case, answer
from tecum.vetting.rules.likeness import domain_of, looks_like
from tecum.vetting.rules.standing import Facts, how_it_stands
from tecum.vetting.states import SIX, Check

__all__ = [
    "REQUIRED",
    "Answer",
    "Case",
    "act",
    "Facts",
    "domain_of",
    "examined",
    "how_it_stands",
    "ineligible",
    "looks_like",
    "missing",
    "promised_by",
]


def examined(case: Case) -> tuple[Answer, ...]:
    """Return the answer of every check: the six rules in their order, then the others."""
    return tuple(answer(check, case) for check in Check)


def missing(answers: tuple[Answer, ...]) -> list[str]:
    """Return what the applicant is told to mend: the six rules, and declarations that were not made."""
    told = {*SIX, Check.ATTESTED}
    return [answer.sentence for answer in answers if not answer.met and answer.check in told]


def ineligible(answers: tuple[Answer, ...]) -> list[str]:
    """Return why the applicant cannot have an account at all; a person decides."""
    never = {Check.COUNTRY, Check.ELIGIBLE, Check.FREE_MAIL}
    return [answer.sentence for answer in answers if not answer.met and answer.check in never]


def act(values: FormValues, *, agency: str, new_agency: bool) -> str:
    """Return the hash of exactly what two people approve: the profile, and the agency that gets a new domain."""
    said = json.dumps([values.as_dict(), agency, new_agency], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def promised_by(guide: Guide, arrived_at: datetime) -> datetime:
    """Return the end of the promised window: the close of business on its last business day (R-059)."""
    calendar = guide.calendar(guide.desk(guide.mailbox("portal").desk).calendar).kernel
    day = arrived_at.astimezone(calendar.tz).date()
    window = guide.lookup.vetting.window
    return business.end_of_business(calendar, business.add_business_days(calendar, day, window.high))
