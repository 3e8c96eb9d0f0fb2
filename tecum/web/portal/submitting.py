"""An officer hands a legal demand in on the page, where the guide names it: checked first, kept as a draft, numbered at once."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from tecum.demands import operations as demands
from tecum.demands import queries
from tecum.demands.operations import Brought, CannotSubmit, Submitted
from tecum.demands.queries import DraftView
from tecum.kernel.ids import unguessable
from tecum.kernel.refusals import NotYours, Refused
from tecum.policy import queries as policy
from tecum.process.rules.checklist import Finding
from tecum.web import acts
from tecum.web.gates import opens
from tecum.web.portal.submission_form import SubmissionForm, again, typed
from tecum.web.refusals import remember
from tecum.web.requests import Asked
from tecum.web.templatetags.frame import Crumb

WHERE = {"process": "process", "targets": "numbers", "papers": "papers", "key": None}


@opens(read="demand.submit", write="demand.submit")
@never_cache
def submit(request: Asked, draft: str = "") -> HttpResponse:
    """Show the form, empty or as a draft has it; save it, check it against the guide, or hand it in."""
    if not queries.door_open("portal", now=request.now):
        raise NotYours
    if request.method == "POST":
        return _posted(request)
    mine = queries.draft(id=draft, by=request.actor, now=request.now) if draft else None
    form = _form(request, initial=_initial(mine))
    return _page(request, form, id=mine.id if mine else unguessable(), mine=mine)


@opens(read="demand.submit", write="demand.submit")
@never_cache
def drop(request: Asked, draft: str) -> HttpResponse:
    """Drop a draft, once that is confirmed."""
    mine = queries.draft(id=draft, by=request.actor, now=request.now)

    def act(_: object) -> str:
        demands.drop_draft(id=draft, by=request.actor, now=request.now)
        return reverse("portal:cases")

    back = reverse("portal:draft", args=[draft])
    rows = [acts.Row("What goes", points=("What you typed.", f"Its files: {len(mine.papers)}."))]
    page = acts.Page(
        title="Drop a draft", button="Drop it", back=back, keep="Keep it", rows=rows, grave=True,
        crumbs=(Crumb("My cases", reverse("portal:cases")), Crumb("Draft", back)),
    )  # fmt: skip
    return acts.run(
        request, form=acts.Nothing(acts.posted(request)), page=page, do=act, done="The draft is gone."
    )


def _posted(request: Asked) -> HttpResponse:
    id, act = request.POST.get("draft", ""), request.POST.get("act", "hand_in")
    form = _form(request, request.POST, request.FILES)
    good = form.is_valid()
    if act == "hand_in" and good and (answer := _hand_in(request, form, id)) is not None:
        return answer
    try:
        mine = demands.save_draft(
            id=id, said=typed(request.POST), papers=_brought(form), without=request.POST.getlist("remove"),
            by=request.actor, now=request.now,
        )  # fmt: skip
    except (demands.CannotKeep, demands.TooManyDrafts) as refusal:
        form.add_error("papers", str(refusal))
        before = [each for each in queries.drafts(by=request.actor, now=request.now) if each.id == id]
        return _page(request, form, id=id, mine=next(iter(before), None))
    if act == "save":
        messages.success(request, "Saved as a draft. Nothing was handed in.")
        return redirect("portal:draft", id)
    findings: Sequence[Finding] = ()
    if act == "check" and good:
        given = form.submission()
        findings = queries.check(submission=given, door="portal", by=request.actor, now=request.now)
    return _page(request, form, id=id, mine=mine, findings=findings)


def _hand_in(request: Asked, form: SubmissionForm, id: str) -> HttpResponse | None:
    """Hand it in; None where it was refused, which then stands at the form."""
    given = form.submission(_brought(form))
    try:
        got = demands.submit_draft(id=id, submission=given, by=request.actor, now=request.now)
    except NotYours:
        raise
    except demands.KeyUsed as twice:
        messages.warning(request, str(twice))
        return redirect("portal:cases")
    except Refused as refusal:
        remember(request, type(refusal).__name__)
        _complain(form, refusal)
        return None
    return _handed_in(request, got)


def _handed_in(request: Asked, got: Submitted) -> HttpResponse:
    where = f" We mailed this number to {got.mailed_to}." if got.mailed_to else " Write this number down."
    again_ = " It had been handed in already; nothing was taken in twice." if got.repeated else ""
    messages.success(request, f"It is handed in: case {got.reference}.{where}{again_}")
    for said in got.told:
        messages.warning(request, said)
    return redirect("portal:case", got.case)


def _complain(form: SubmissionForm, refusal: Refused) -> None:
    faults = refusal.faults if isinstance(refusal, CannotSubmit) else [("process", str(refusal))]
    for part, sentence in faults:
        form.add_error(WHERE.get(part), sentence)


def _form(request: Asked, *args: Any, **more: Any) -> SubmissionForm:
    guide = policy.at(request.now)
    today = request.now.astimezone(guide.carrier.zone.tz).date()
    return SubmissionForm(*args, guide=guide, today=today, **more)


def _initial(mine: DraftView | None) -> dict[str, Any]:
    """Return what a draft holds as a form begins: one value, or several where several were chosen."""
    if mine is None:
        return {}
    data = again(dict(mine.said))
    return {name: data.getlist(name) if name == "products" else data.get(name) for name in data}


def _brought(form: SubmissionForm) -> list[Brought]:
    found = []
    for place, each in enumerate(form.files.getlist("papers") if form.files else (), 1):
        each.seek(0)
        found.append(Brought((each.name or f"file {place}")[:120], each.read()))
    return found


def _page(
    request: Asked, form: SubmissionForm, *, id: str, mine: DraftView | None, findings: Sequence[Finding] = ()
) -> HttpResponse:
    drafts = queries.drafts(by=request.actor, now=request.now)
    form.fields["papers"].required = not (mine and mine.papers)  # how it is shown; `submit` decides
    context = {
        "title": "Hand a legal demand in",
        "crumbs": [Crumb("My cases", reverse("portal:cases")), Crumb("Hand a legal demand in")],
        "form": form, "draft": id, "mine": mine, "drafts": [each for each in drafts if each.id != id],
        "findings": findings, "missing": sum(each.met is False for each in findings),
        "kept_for": policy.at(request.now).demands.draft_kept,
    }  # fmt: skip
    return render(request, "portal/submit.html", context, status=422 if form.errors else 200)
