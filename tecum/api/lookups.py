"""`/api/v1/lookups`: the same look-up as the page, for a guide that opens this door (A17)."""

from datetime import date, datetime

from django.http import HttpRequest
from ninja import Field, Router, Schema

from tecum.api.doors import Given, Id, actor
from tecum.api.problems import REFUSALS
from tecum.config import clock
from tecum.kernel.refusals import NotYours
from tecum.lookup import operations as lookup
from tecum.lookup import queries
from tecum.lookup.rules import HitView, LookupView

router = Router(tags=["look-up"])


class Asked(Given):
    """A submission: at most the guide's batch of numbers, for one case of the agency."""

    numbers: list[str] = Field(max_length=500, description="As people type them; +1 and punctuation are read")
    case_number: str = Field(max_length=80)
    attested: bool = Field(description="A Legal Demand would otherwise be issued for these numbers")
    submission: str = Field(min_length=8, max_length=64, description="The caller's own key: answered once")


class Provider(Schema):
    """The service provider to serve next."""

    shown: dict[str, str]
    in_service_since: date
    consent: str


class AnsweredLine(Schema):
    """One line of the answer, in the order asked."""

    line: int
    typed: str
    number: str
    outcome: str
    problem: str
    repeats: int | None
    provider: Provider | None


class Answered(Schema):
    """An answered submission."""

    id: str
    reference: str
    asked_at: datetime
    inventory_version: int
    inventory_as_of: datetime
    charged: int
    left: int
    more_at: datetime | None
    receipt: str
    lines: list[AnsweredLine]


@router.post("", response={200: Answered, **REFUSALS}, summary="Look numbers up")
def ask(request: HttpRequest, asked: Asked) -> Answered:
    """Answer a submission; the same `submission` key is answered once."""
    purpose = lookup.Purpose(asked.case_number, attested=asked.attested)
    view = lookup.run(
        text="\n".join(asked.numbers),
        purpose=purpose,
        submission=asked.submission,
        door="api",
        by=actor(request),
        now=clock.now(),
    )
    return answered(view)


@router.get("/{lookup_id}", response={200: Answered, **REFUSALS}, summary="An earlier answer of one's own")
def again(request: HttpRequest, lookup_id: Id) -> Answered:
    """Return an earlier answer of the caller's own."""
    if not queries.door_is_open("api", now=clock.now()):
        raise NotYours
    return answered(queries.answer(lookup_id, by=actor(request), now=clock.now()))


def answered(view: LookupView) -> Answered:
    """Translate a look-up for programs."""
    lines = [
        AnsweredLine(
            line=line.place,
            typed=line.typed,
            number=line.number,
            outcome=line.outcome,
            problem=line.problem,
            repeats=line.repeats,
            provider=provider(line.hit) if line.hit else None,
        )
        for line in view.lines
    ]
    return Answered(
        id=view.id,
        reference=view.reference,
        asked_at=view.asked_at,
        inventory_version=view.inventory_version,
        inventory_as_of=view.inventory_as_of,
        charged=view.charged,
        left=view.left,
        more_at=view.more_at,
        receipt=view.receipt,
        lines=lines,
    )


def provider(hit: HitView) -> Provider:
    """Translate a hit for programs."""
    return Provider(shown=dict(hit.shown), in_service_since=hit.in_service, consent=hit.consent)
