"""
A page on which an officer hands something in: checked first, kept as a draft whatever was wrong, numbered at once.

What is handed in differs (a legal demand, a surveillance that is asked for); how the page behaves does not.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from tecum.demands import operations as demands
from tecum.demands import queries
from tecum.demands.operations import Brought, CannotSubmit, Submitted
from tecum.demands.queries import DraftView
from tecum.kernel.ids import unguessable
from tecum.kernel.refusals import NotYours, Refused
from tecum.policy import queries as policy
from tecum.process.rules.checklist import Finding
from tecum.web import acts, arrears
from tecum.web.refusals import remember
from tecum.web.requests import Asked
from tecum.web.templatetags.frame import Crumb

HIDDEN = frozenset({"csrfmiddlewaretoken", "draft", "act", "remove"})


@dataclass(frozen=True)
class Paperwork:
    """
    What is handed in on a page. `kind` is that of its drafts, `among` the list it belongs to; `home`, `here`, `draft` and
    `drop` are the names of its addresses; `several` are its fields that hold more than one value, `where` the fields of faults that
    are not called like theirs.
    """

    kind: str
    title: str
    lead: str
    among: str
    home: str
    here: str
    draft: str
    drop: str
    form: Callable[..., forms.Form]
    hand_in: Callable[[Asked, Any, str, Sequence[Brought]], Submitted]
    after: Callable[[Asked, Any, Submitted], HttpResponse]
    where: Callable[[str], str | None]
    check: Callable[[Asked, Any], Sequence[Finding]] | None = None
    several: frozenset[str] = frozenset()
    waits_for_money: bool = False  # whether overdue invoices of the agency may change how it is taken

    @property
    def checked(self) -> bool:
        """Tell whether it can be checked against the guide first; a template would call `check` itself."""
        return self.check is not None

    @property
    def back(self) -> str:
        """Return the address of the list it belongs to."""
        return reverse(self.home)

    @property
    def crumb(self) -> Crumb:
        """Return that list as a step of the way here."""
        return Crumb(self.among, self.back)


def page_of(request: Asked, what: Paperwork, draft: str) -> HttpResponse:
    """Show the form, empty or as a draft has it; save it, check it against the guide, or hand it in."""
    if request.method == "POST":
        return _posted(request, what)
    mine = queries.draft(id=draft, kind=what.kind, by=request.actor, now=request.now) if draft else None
    form = what.form(request, initial=_initial(mine, what.several))
    return _page(request, what, form, id=mine.id if mine else unguessable(), mine=mine)


def drop_of(request: Asked, what: Paperwork, draft: str) -> HttpResponse:
    """Drop a draft, once that is confirmed."""
    mine = queries.draft(id=draft, kind=what.kind, by=request.actor, now=request.now)

    def act(_: object) -> str:
        demands.drop_draft(id=draft, by=request.actor, now=request.now)
        return what.back

    back = reverse(what.draft, args=[draft])
    rows = [acts.Row("What goes", points=("What you typed.", f"Its files: {len(mine.papers)}."))]
    page = acts.Page(
        title="Drop a draft", button="Drop it", back=back, keep="Keep it", rows=rows, grave=True,
        crumbs=(what.crumb, Crumb("Draft", back)),
    )  # fmt: skip
    return acts.run(
        request, form=acts.Nothing(acts.posted(request)), page=page, do=act, done="The draft is gone."
    )


def drafts_of(request: Asked, what: Paperwork) -> list[DraftView]:
    """Return the own drafts of it."""
    return queries.drafts(by=request.actor, now=request.now, kind=what.kind)


def typed(post: QueryDict) -> dict[str, list[str]]:
    """Return what was typed, field by field, right or wrong."""
    return {name: post.getlist(name)[:50] for name in post if name not in HIDDEN}


def again(said: dict[str, list[str]]) -> QueryDict:
    """Return what was typed before, as if it came from the page."""
    data = QueryDict(mutable=True)
    for name, values in said.items():
        data.setlist(name, list(values))
    return data


def _posted(request: Asked, what: Paperwork) -> HttpResponse:
    id, act = request.POST.get("draft", ""), request.POST.get("act", "hand_in")
    form = what.form(request, request.POST, request.FILES)
    good = form.is_valid()
    if act == "hand_in" and good and (answer := _hand_in(request, what, form, id)) is not None:
        return answer
    try:
        mine = demands.save_draft(
            id=id, said=typed(request.POST), papers=_brought(form), without=request.POST.getlist("remove"),
            kind=what.kind, by=request.actor, now=request.now,
        )  # fmt: skip
    except (demands.CannotKeep, demands.TooManyDrafts) as refusal:
        form.add_error("papers", str(refusal))
        before = [each for each in drafts_of(request, what) if each.id == id]
        return _page(request, what, form, id=id, mine=next(iter(before), None))
    if act == "save":
        messages.success(request, "Saved as a draft. Nothing was handed in.")
        return redirect(what.draft, id)
    findings: Sequence[Finding] = ()
    if act == "check" and good and what.check:
        findings = what.check(request, form)
    return _page(request, what, form, id=id, mine=mine, findings=findings, kept=act == "hand_in")


def _hand_in(request: Asked, what: Paperwork, form: forms.Form, id: str) -> HttpResponse | None:
    """Hand it in; None where it was refused, which then stands at the form."""
    try:
        got = what.hand_in(request, form, id, _brought(form))
    except NotYours:
        raise
    except demands.KeyUsed as twice:
        messages.warning(request, str(twice))
        return redirect(what.back)
    except Refused as refusal:
        remember(request, type(refusal).__name__)
        faults = refusal.faults if isinstance(refusal, CannotSubmit) else [("", str(refusal))]
        for part, sentence in faults:
            form.add_error(what.where(part), sentence)
        return None
    _told(request, got)
    return what.after(request, form, got)


def _told(request: Asked, got: Submitted) -> None:
    where = f" We mailed this number to {got.mailed_to}." if got.mailed_to else " Write this number down."
    again_ = " It had been handed in already; nothing was taken in twice." if got.repeated else ""
    messages.success(request, f"It is handed in: case {got.reference}.{where}{again_}")
    for said in got.told:
        messages.warning(request, said)


def _initial(mine: DraftView | None, several: frozenset[str]) -> dict[str, Any]:
    """Return what a draft holds as a form begins: one value, or several where several were chosen."""
    if mine is None:
        return {}
    data = again(dict(mine.said))
    return {name: data.getlist(name) if name in several else data.get(name) for name in data}


def _brought(form: forms.Form) -> list[Brought]:
    found = []
    for place, each in enumerate(form.files.getlist("papers") if form.files else (), 1):
        each.seek(0)
        found.append(Brought((each.name or f"file {place}")[:120], each.read()))
    return found


def _page(
    request: Asked,
    what: Paperwork,
    form: Any,
    *,
    id: str,
    mine: DraftView | None,
    findings: Sequence[Finding] = (),
    kept: bool = False,
) -> HttpResponse:
    form.fields["papers"].required = not (mine and mine.papers)  # how it is shown; the operation decides
    context = {
        "title": what.title, "crumbs": [what.crumb, Crumb(what.title)], "what": what, "form": form, "draft": id, "mine": mine,
        "drafts": [each for each in drafts_of(request, what) if each.id != id], "kept": kept and mine is not None,
        "findings": findings, "missing": sum(each.met is False for each in findings),
        "kept_for": policy.at(request.now).demands.draft_kept,
        "late": arrears.late(request.actor.agency, whose="your agency", now=request.now) if what.waits_for_money else None,
    }  # fmt: skip
    return render(request, "portal/submit.html", context, status=422 if form.errors else 200)
