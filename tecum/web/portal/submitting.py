"""An officer hands a legal demand in on the page, where the guide names it: checked first, kept as a draft, numbered at once."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from tecum.demands import operations as demands
from tecum.demands import queries
from tecum.demands.operations import Brought, Submitted
from tecum.kernel.refusals import NotYours
from tecum.policy import queries as policy
from tecum.process.rules.checklist import Finding
from tecum.web.gates import opens
from tecum.web.portal.handing import Paperwork, drop_of, page_of
from tecum.web.portal.submission_form import SubmissionForm
from tecum.web.requests import Asked

WHERE = {"": "process", "process": "process", "targets": "numbers", "papers": "papers", "key": None}


@opens(read="demand.submit", write="demand.submit")
@never_cache
def submit(request: Asked, draft: str = "") -> HttpResponse:
    """Show the form, empty or as a draft has it; save it, check it against the guide, or hand it in."""
    if not queries.door_open("portal", now=request.now):
        raise NotYours
    return page_of(request, DEMAND, draft)


@opens(read="demand.submit", write="demand.submit")
@never_cache
def drop(request: Asked, draft: str) -> HttpResponse:
    """Drop a draft, once that is confirmed."""
    return drop_of(request, DEMAND, draft)


def _form(request: Asked, *args: Any, **more: Any) -> SubmissionForm:
    guide = policy.at(request.now)
    today = request.now.astimezone(guide.carrier.zone.tz).date()
    return SubmissionForm(*args, guide=guide, today=today, **more)


def _hand_in(request: Asked, form: SubmissionForm, id: str, papers: Sequence[Brought]) -> Submitted:
    return demands.submit_draft(
        id=id, submission=form.submission(papers), by=request.actor, now=request.now
    )  # fmt: skip


def _check(request: Asked, form: SubmissionForm) -> Sequence[Finding]:
    given = form.submission()
    return queries.check(submission=given, door="portal", by=request.actor, now=request.now)


def _after(request: Asked, form: SubmissionForm, got: Submitted) -> HttpResponse:
    return redirect("portal:case", got.case)


DEMAND = Paperwork(
    kind="demand", title="Hand a legal demand in",
    lead="You get the case's number at once, here and by mail. Check it first: the guide says what would be missing.",
    among="My cases", home="portal:cases", here="portal:submit", draft="portal:draft",
    drop="portal:draft_drop", form=_form, hand_in=_hand_in, after=_after, where=lambda part: WHERE.get(part), check=_check,
    several=frozenset({"products"}), waits_for_money=True,
)  # fmt: skip
