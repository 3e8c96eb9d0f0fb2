"""`/api/v1/demands`: hand a legal demand in, see how it stands, withdraw it, take that back."""

from datetime import date, datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Field, File, Form, Header, Query, Router, Schema, Status, UploadedFile
from ninja.errors import ValidationError
from pydantic import AwareDatetime, WithJsonSchema
from pydantic import ValidationError as Invalid

from tecum.api.doors import Given, Id, actor, must_be_open
from tecum.api.problems import REFUSALS
from tecum.cases.facts import Asked, Contact
from tecum.config import clock
from tecum.demands import operations as demands
from tecum.demands import queries
from tecum.demands.operations import Brought, CannotSubmit, Submission, Submitted
from tecum.demands.queries import Told
from tecum.demands.rules import exchange
from tecum.kernel import numbers
from tecum.kernel.periods import Period
from tecum.process.facts import Said
from tecum.process.rules.checklist import Finding

router = Router(tags=["legal demands"])
KEY = "The caller's own key: the same key is answered once, with the same case, however often it is sent"
WORD, LINE, TEXT = 80, 200, 20_000
MOST = 200  # demands in one answer
Start = Annotated[int, Query(ge=0, le=1_000_000, description="How many of the youngest are left out")]


class Task(Given):
    """One thing asked for: a number, an interval, a kind of records (ETSI TS 103 120: LDTaskObject)."""

    number: str = Field(max_length=WORD, description="As people type it; +1 and punctuation are read")
    start: AwareDatetime | None = Field(None, description="First instant, with its zone (RFC 3339)")
    end: AwareDatetime | None = Field(None, description="First instant that is no longer asked for")
    product: str = Field("", max_length=WORD, description="A kind of records of the carrier's guide")


class Authorisation(Given):
    """What the process says (ETSI TS 103 120: AuthorisationObject). What is not said stays out and is asked for."""

    process: str = Field(max_length=WORD, description="A kind of legal process of the carrier's guide")
    number: str = Field("", max_length=WORD, description="The process's own number")
    issuer: str = Field("", max_length=LINE, description="The court or office that issued it")
    issued_on: date | None = None
    signed: bool | None = None
    signed_by: str = Field("", max_length=WORD, description="The office of who signed: judge, prosecutor, …")
    signer: str = Field("", max_length=LINE)
    entity: str = Field("", max_length=LINE, description="The company that the process names")
    return_on: date | None = None
    country: str = Field("", max_length=2)
    region: str = Field("", max_length=LINE)
    city: str = Field("", max_length=LINE)
    gag: bool | None = Field(None, description="Whether it forbids telling the customer")
    gag_until: date | None = None
    certified: bool | None = None
    words: str = Field("", max_length=TEXT, description="Its body as text, where there is one")
    tasks: list[Task] = Field([], max_length=200)
    phone: str = Field("", max_length=40, description="Where the desk can ask; else the account's own")


#: A part of a form that is JSON itself.
AsJson = Annotated[
    str,
    WithJsonSchema(
        {
            "type": "string",
            "description": "What the process says, as JSON",
            "contentMediaType": "application/json",
        }
    ),
]


class Line(Schema):
    """One line of the guide's checklist."""

    code: str
    title: str
    met: bool | None = Field(description="null: nothing was said about it")
    detail: str
    rule: str
    citation: str
    wording: str = Field(description="What to write instead, to copy")


class Receipt(Schema):
    """What became of a demand that was handed in."""

    id: str
    reference: str = Field(description="The case's number, which people read aloud")
    received_at: datetime
    mailed_to: str = Field(description="Where the number was mailed too; empty: it is told here only")
    repeated: bool = Field(description="This key was answered before; nothing was taken in twice")
    papers: list[str] = Field(description="A sentence for each document of which something could not be made")
    checklist: list[Line]


class TaskStands(Schema):
    """How one target stands; `status` and `desired_status` are words of ETSI TS 103 120."""

    id: str
    number: str
    start: datetime | None
    end: datetime | None
    product: str
    state: str
    status: str
    desired_status: str


class Stands(Schema):
    """How a demand stands, as its officers see it; `status` and `desired_status` are words of ETSI TS 103 120."""

    id: str
    reference: str
    received_at: datetime
    state: str
    status: str
    desired_status: str
    stands: str = Field(description="A sentence")
    promised: str
    points: list[str] = Field(description="What waits for the agency")
    held: str
    undo_until: datetime | None


class StandsWhole(Stands):
    """One demand with its targets, and the letter that waits for an answer."""

    letter: str
    letter_at: datetime | None
    tasks: list[TaskStands]


class Withdrawal(Given):
    """Which targets are no longer needed; none named: all of it."""

    tasks: list[str] = Field([], max_length=200, description="Ids of tasks")


@router.post(
    "",
    response={200: Receipt, 201: Receipt, **REFUSALS},
    summary="Hand a legal demand in",
    url_name="demands",
)
def submit(
    request: HttpRequest,
    authorisation: Annotated[AsJson, Form(max_length=200_000)],
    documents: Annotated[
        list[UploadedFile], File(description="The process itself: PDFs or pictures, at most ten")
    ],
    key: Annotated[
        str,
        Header(alias="Idempotency-Key", description=KEY, min_length=8, max_length=80, pattern=r"^[!-~]+$"),
    ],
) -> Status[Receipt]:
    """Hand a demand in with its documents; the case's number comes at once."""
    got = demands.submit(
        submission=submission(_read(authorisation), documents),
        door="api",
        key=key,
        by=actor(request),
        now=clock.now(),
    )
    return Status(200 if got.repeated else 201, receipt(got))


@router.post(
    "/check",
    response={200: list[Line], **REFUSALS},
    summary="Check before handing in",
    url_name="demand_check",
)
def check(request: HttpRequest, authorisation: Authorisation) -> list[Line]:
    """Say what the guide says of a demand; nothing is kept."""
    must_be_open("api", now=clock.now())
    given = submission(authorisation, [])
    return [
        line(each) for each in queries.check(submission=given, door="api", by=actor(request), now=clock.now())
    ]


@router.get(
    "", response={200: list[Stands], **REFUSALS}, summary="The own demands, newest first", url_name="demands"
)
def mine(request: HttpRequest, start: Start = 0) -> list[Stands]:
    """List the demands on whose list the token's person stands, at most 200 from `start` on; the youngest is 0."""
    must_be_open("api", now=clock.now())
    found = queries.mine(by=actor(request), now=clock.now())
    return [stands(each) for each in found[start : start + MOST]]


@router.get(
    "/{id}", response={200: StandsWhole, **REFUSALS}, summary="How a demand stands", url_name="demand"
)
def one(request: HttpRequest, id: Id) -> StandsWhole:
    """Say how one's own demand stands; that it was seen is recorded first."""
    must_be_open("api", now=clock.now())
    return whole(demands.show(case=id, by=actor(request), now=clock.now()))


@router.post(
    "/{id}/withdrawal", response={200: StandsWhole, **REFUSALS}, summary="Withdraw", url_name="withdrawal"
)
def withdraw(request: HttpRequest, id: Id, withdrawal: Withdrawal) -> StandsWhole:
    """Withdraw a demand, whole or by target; `undo_until` says how long it can be taken back."""
    must_be_open("api", now=clock.now())
    by, now = actor(request), clock.now()
    demands.withdraw(case=id, how="api", targets=withdrawal.tasks, by=by, now=now)
    return whole(demands.show(case=id, by=by, now=now))


@router.delete(
    "/{id}/withdrawal",
    response={200: StandsWhole, **REFUSALS},
    summary="Take a withdrawal back",
    url_name="withdrawal",
)
def undo(request: HttpRequest, id: Id) -> StandsWhole:
    """Take a whole withdrawal back while the guide still lets one."""
    must_be_open("api", now=clock.now())
    by, now = actor(request), clock.now()
    demands.undo(case=id, by=by, now=now)
    return whole(demands.show(case=id, by=by, now=now))


def submission(given: Authorisation, documents: list[UploadedFile]) -> Submission:
    """Translate what a program sends. :raises CannotSubmit: for an interval that has one end, or runs backwards"""
    faults: list[tuple[str, str]] = []
    targets = [_asked(place, each, faults) for place, each in enumerate(given.tasks, 1)]
    if faults:
        raise CannotSubmit(faults)
    said = given.dict(exclude={"tasks", "phone"})
    papers = tuple(
        Brought((each.name or f"document {place}")[:120], each.read())
        for place, each in enumerate(documents, 1)
    )
    return Submission(Said(**said), tuple(targets), papers, Contact(phone=given.phone))


def _read(text: str) -> Authorisation:
    """Return the part of a form that is JSON. :raises ValidationError: for every field that is wrong"""
    try:
        return Authorisation.model_validate_json(text)
    except Invalid as wrong:
        said = [{"loc": ("authorisation", *each["loc"]), "msg": each["msg"]} for each in wrong.errors()]
        raise ValidationError(said) from None


def _asked(place: int, task: Task, faults: list[tuple[str, str]]) -> Asked:
    period = None
    if (task.start is None) != (task.end is None):
        faults.append(("targets", f"Task {place}: give both ends of the interval, or neither."))
    elif task.start is not None and task.end is not None and task.end <= task.start:
        faults.append(("targets", f"Task {place}: the interval ends before it begins."))
    elif task.start is not None and task.end is not None:
        period = Period(task.start, task.end)
    try:
        value = numbers.read(task.number)
    except numbers.NotANumber:
        value = task.number  # said with its place, together with every other fault
    return Asked(value, period, task.product, words=task.number)


def line(found: Finding) -> Line:
    """Translate a line of the checklist."""
    return Line(
        code=found.code, title=found.title, met=found.met, detail=found.sentence, rule=found.rule,
        citation=found.citation, wording=found.wording,
    )  # fmt: skip


def receipt(got: Submitted) -> Receipt:
    """Translate what became of a submission."""
    return Receipt(
        id=got.case, reference=got.reference, received_at=got.received_at, mailed_to=got.mailed_to,
        repeated=got.repeated, papers=list(got.told), checklist=[line(each) for each in got.findings],
    )  # fmt: skip


def stands(told: Told) -> Stands:
    """Translate how a demand stands."""
    return Stands(**_stands(told))  # type: ignore[arg-type]


def whole(told: Told) -> StandsWhole:
    """Translate one demand with its targets."""
    tasks = []
    for each in told.targets:
        status, desired = exchange.task(told.state, each.state)
        tasks.append(
            TaskStands(
                id=each.id, number=each.value, start=each.period.start if each.period else None,
                end=each.period.end if each.period else None, product=each.product, state=each.state.value,
                status=status, desired_status=desired,
            )
        )  # fmt: skip
    return StandsWhole(**_stands(told), letter=told.letter, letter_at=told.letter_at, tasks=tasks)  # type: ignore[arg-type]


def _stands(told: Told) -> dict[str, object]:
    status, desired = exchange.authorisation(told.state)
    return {
        "id": told.case, "reference": told.reference, "received_at": told.received_at, "state": told.state.value,
        "status": status, "desired_status": desired, "stands": told.stands, "promised": told.promised,
        "points": list(told.points), "held": told.held, "undo_until": told.undo_until,
    }  # fmt: skip
