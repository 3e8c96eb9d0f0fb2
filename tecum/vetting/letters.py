"""What a decision says to the applicant: a message and its variables, the same for the preview and for the post."""

from collections.abc import Sequence
from dataclasses import dataclass

from tecum.notices.drivers.letters import Value
from tecum.vetting import messages
from tecum.vetting.rules import Answer
from tecum.vetting.states import TOLD, Check


@dataclass(frozen=True, slots=True)
class Draft:
    """A message and its variables."""

    message: str
    context: dict[str, Value]


def returned(reference: str, answers: Sequence[Answer], checks: Sequence[Check], note: str) -> Draft:
    """Return the letter that says what must be mended: the sentences of the checks chosen, then the person's own words."""
    points = [answer.sentence for answer in answers if answer.check in checks and answer.check in TOLD]
    points += [note.strip()] if note.strip() else []
    return Draft(messages.APPLICATION_RETURNED.name, {"reference": reference, "deficiencies": points})


def refused(answers: Sequence[Answer], checks: Sequence[Check], note: str) -> Draft:
    """Return the letter that says why an application cannot be accepted."""
    reasons = [
        answer.sentence.rstrip(".") for answer in answers if answer.check in checks and answer.check in TOLD
    ]
    reasons += [note.strip().rstrip(".")] if note.strip() else []
    return Draft(messages.APPLICATION_REFUSED.name, {"rule": "; ".join(reasons)})
