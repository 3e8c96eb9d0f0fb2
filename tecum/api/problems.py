"""What a refusal looks like to a program: `application/problem+json` (RFC 9457) with a sentence for a person."""

from collections.abc import Iterable, Mapping

import structlog
from django.http import HttpRequest, JsonResponse
from ninja import Field, NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from tecum.access.rules import StepUpNeeded
from tecum.audit import operations as audit
from tecum.config import clock
from tecum.demands.operations import CannotSubmit
from tecum.kernel.actors import Actor, ActorKind
from tecum.kernel.refusals import NotYours, Refused

log = structlog.get_logger()
MEDIA = "application/problem+json"
NOT_HERE = "There is nothing here, or it is not yours."
NO_TOKEN = "This needs a personal token that is good: Authorization: Bearer …"  # noqa: S105  a sentence
TITLES = {
    400: "The request could not be read",
    401: "Nobody is there",
    403: "A fresh second factor is needed",
    404: "Not found",
    409: "Refused",
    413: "Too large",
    422: "Something is wrong with what was sent",
    429: "Too many requests",
    500: "Our fault",
}


class Fault(Schema):
    """One thing that is wrong: where, and a sentence."""

    part: str = Field(description="The field, or the part of the demand: process, targets, papers, key")
    detail: str


class Problem(Schema):
    """A refusal (RFC 9457). Unknown and forbidden are one 404, word for word."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str = Field(description="A sentence for a person")
    refusal: str = Field("", description="The name of the rule that refused; stable")
    errors: list[Fault] = []


#: What every address may answer besides its own.
REFUSALS = {401: Problem, 404: Problem, 409: Problem, 422: Problem, 429: Problem}


def problem(
    status: int,
    detail: str,
    *,
    refusal: str = "",
    errors: Iterable[tuple[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> JsonResponse:
    """Return a refusal as programs read it."""
    said = Problem(
        title=TITLES.get(status, "Refused"), status=status, detail=detail, refusal=refusal,
        errors=[Fault(part=part, detail=sentence) for part, sentence in errors],
    )  # fmt: skip
    return JsonResponse(said.dict(), status=status, content_type=MEDIA, headers=headers)


def remember(request: HttpRequest, why: str) -> None:
    """Store that a program was refused in its person's name; who has no token is refused all day and not recorded."""
    by = getattr(request, "auth", None)
    if not isinstance(by, Actor) or by.kind is not ActorKind.PERSON:
        return
    match = request.resolver_match
    act = f"{request.method}:{match.view_name}" if match and match.view_name else "unknown"
    audit.note("access.refused", by=by, at=clock.now(), act=act, why=why)


def install(api: NinjaAPI) -> None:
    """Let every refusal of an API leave as a problem."""
    for kind, answer in (
        (NotYours, _unknown),
        (StepUpNeeded, _step_up),
        (CannotSubmit, _faults),
        (Refused, _refused),
        (ValidationError, _malformed),
        (AuthenticationError, _stranger),
        (HttpError, _http),
        (Exception, _fault),
    ):
        api.add_exception_handler(kind, answer)  # type: ignore[arg-type]


def _unknown(request: HttpRequest, refusal: NotYours) -> JsonResponse:
    remember(request, "NotYours")
    return problem(404, NOT_HERE)


def _step_up(request: HttpRequest, refusal: StepUpNeeded) -> JsonResponse:
    remember(request, "StepUpNeeded")
    sentence = "Take a token that fetches productions, on the page of programs, under a fresh second factor."
    return problem(403, sentence, refusal="StepUpNeeded")


def _faults(request: HttpRequest, refusal: CannotSubmit) -> JsonResponse:
    remember(request, "CannotSubmit")
    return problem(422, str(refusal), refusal="CannotSubmit", errors=refusal.faults)


def _refused(request: HttpRequest, refusal: Refused) -> JsonResponse:
    remember(request, type(refusal).__name__)
    return problem(409, str(refusal), refusal=type(refusal).__name__)


def _malformed(request: HttpRequest, fault: ValidationError) -> JsonResponse:
    if any(each["loc"][0] == "path" for each in fault.errors):
        return problem(404, NOT_HERE)
    errors = [(".".join(map(str, each["loc"])), str(each["msg"])) for each in fault.errors]
    return problem(422, "; ".join(f"{part}: {said}" for part, said in errors), errors=errors)


def _stranger(request: HttpRequest, fault: AuthenticationError) -> JsonResponse:
    return problem(401, NO_TOKEN, headers={"WWW-Authenticate": "Bearer"})


def _http(request: HttpRequest, fault: HttpError) -> JsonResponse:
    return problem(fault.status_code, fault.message)


def _fault(request: HttpRequest, fault: Exception) -> JsonResponse:
    """Say that it is our fault, and nothing of what it is; the log knows."""
    log.error("api.fault", kind=type(fault).__name__, exc_info=fault)
    return problem(500, "This is our fault, and it is in our log. The same request can be sent again.")
