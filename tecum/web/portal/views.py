"""The look-up, its answers, the earlier ones. The pages translate; `tecum.lookup` decides."""

from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from tecum.accounts import queries as people
from tecum.audit.rules import Receipt
from tecum.guide.model.guide import Guide, NotInGuide
from tecum.kernel.ids import unguessable
from tecum.kernel.refusals import NotYours, Refused
from tecum.lookup import operations as lookup
from tecum.lookup import queries, rules
from tecum.lookup.operations import Purpose
from tecum.lookup.rules import LookupView
from tecum.lookup.states import Outcome
from tecum.policy import queries as policy
from tecum.web.gates import opens
from tecum.web.portal import answers, pending
from tecum.web.portal.forms import HistoryForm, IntervalForm, LookupForm
from tecum.web.public import sections
from tecum.web.refusals import remember
from tecum.web.requests import Asked
from tecum.web.templatetags.frame import Crumb

PAGE = 50
CALENDAR_WINDOWS = ("calendar_day", "calendar_week", "calendar_month")


class ProcessNotTaken(Refused):
    """Somebody tried to serve process through the portal (R-013)."""


@opens(read="lookup.history", write="lookup.run")
@never_cache
def ask(request: Asked) -> HttpResponse:
    """Ask for the purpose and the numbers; answer a submission with its results page."""
    guide = policy.at(request.now)
    since = people.paused_since(by=request.actor, now=request.now)
    if since is not None:
        return _paused(request, guide, since)
    if request.FILES:
        raise ProcessNotTaken(_not_here(guide))
    if request.method != "POST":
        if people.terms_due(by=request.actor, now=request.now):
            return redirect("welcome")
        return _form(request, guide, LookupForm(initial=_initial(request), batch=guide.lookup.quota.batch))
    form = LookupForm(request.POST, batch=guide.lookup.quota.batch)
    if not form.is_valid():
        return _form(request, guide, form, status=422)
    given = form.cleaned_data
    try:
        answer = lookup.run(
            text=given["numbers"],
            purpose=Purpose(given["case"], attested=given["attest"]),
            submission=given["submission"],
            door="page",
            by=request.actor,
            now=request.now,
        )
    except NotYours:
        raise
    except Refused as refusal:
        remember(request, type(refusal).__name__)
        form.add_error("numbers", str(refusal))
        return _form(request, guide, form, status=422)
    return redirect("portal:answer", answer.id)


def _paused(request: Asked, guide: Guide, since: datetime) -> HttpResponse:
    """Say why there is no form, and what brings it back."""
    context = {
        "title": "Your look-ups are paused",
        "since": since,
        "supervisors": people.supervisors_of(by=request.actor),
        "desk": guide.mailbox("portal").address,
        "term": guide.lookup.upkeep.attested_every,
    }
    return render(request, "portal/paused.html", context)


@opens(read="lookup.history")
@never_cache
def answer(request: Asked, lookup_id: str) -> HttpResponse:
    """Show the answers of one submission, in the order of its lines; printable."""
    guide = policy.at(request.now)
    view = queries.answer(lookup_id, by=request.actor, now=request.now)
    zone = queries.portal_zone(request.now)
    today = view.asked_at.astimezone(zone).date()
    form = IntervalForm(request.GET if "first" in request.GET else None, today=today)
    interval = form.interval if guide.lookup.answers.coverage_verdict else None
    context = {
        "title": f"Look-up {view.reference}",
        "crumbs": [Crumb("My history", reverse("portal:history")), Crumb(view.reference, mono=True)],
        "view": view,
        "heading": answers.heading(view),
        "rows": answers.rows(
            view,
            shows=guide.lookup.answers.shows,
            interval=interval,
            today=today,
            offers=pending.offers(view, by=request.actor, now=request.now),
        ),
        "interval": answers.interval_words(interval) if interval else "",
        "form": form,
        "compares": guide.lookup.answers.coverage_verdict and view.hits > 0,
        "receipt": Receipt(view.receipt).text,
        "quota": _quota(request, guide),
        "age": view.asked_at - view.inventory_as_of,
        "stale": _stale(view, guide),
        "non_result": sections.section(guide, guide.lookup.answers.non_result),
        "demands": _demands(guide),
        "exports": guide.lookup.answers.exports,
        "malformed": view.count(Outcome.MALFORMED),
    }
    return render(request, "portal/answer.html", context)


@opens(read="lookup.history")
@never_cache
def export(request: Asked, lookup_id: str, form: str) -> HttpResponse:
    """Hand the answers over as a spreadsheet file; that it was taken is recorded first."""
    file = lookup.export(lookup_id, form=form, by=request.actor, now=request.now)
    return HttpResponse(
        file.content,
        content_type=file.media_type,
        headers={"Content-Disposition": f'attachment; filename="{file.name}"'},
    )


@opens(read="lookup.history")
@never_cache
def history(request: Asked) -> HttpResponse:
    """List one's own look-ups, newest first."""
    form = HistoryForm(request.GET, auto_id="filter_%s")
    search = form.cleaned_data["q"] if form.is_valid() else ""
    found: Any = queries.history(by=request.actor, now=request.now, search=search)
    page: Page[Any] = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {"title": "My history", "filter": form, "search": search, "page": page}
    return render(request, "portal/history.html", context)


def _form(request: Asked, guide: Guide, form: LookupForm, status: int = 200) -> HttpResponse:
    context = {
        "title": "Look up numbers",
        "form": form,
        "terms": guide.lookup.quota,
        "quota": _quota(request, guide),
        "decision": next((one.text for one in guide.decisions if one.id == guide.lookup.quota.decision), ""),
        "purpose": guide.lookup.purpose,
        "exports": guide.lookup.answers.exports,
        "compares": guide.lookup.answers.coverage_verdict,
        "demands": _demands(guide),
    }
    return render(request, "portal/ask.html", context, status=status)


def _initial(request: Asked) -> dict[str, str]:
    """Begin a fresh submission; `?again=` brings back the case and the lines that could not be read."""
    initial = {"submission": unguessable()}
    again = request.GET.get("again", "")
    if again:
        view = queries.answer(again, by=request.actor, now=request.now)
        unread = [line.typed for line in view.lines if line.outcome is Outcome.MALFORMED]
        initial |= {"case": view.case_number, "numbers": "\n".join(unread)}
    return initial


def _quota(request: Asked, guide: Guide) -> dict[str, Any] | None:
    """Return what is left and when more comes; nothing for somebody who may only read the past."""
    if not request.actor.may("lookup.run"):
        return None
    left = queries.quota(by=request.actor, now=request.now)
    terms = guide.lookup.quota
    ends = left.more_at
    if ends is None and terms.window in CALENDAR_WINDOWS:
        zone = str(queries.portal_zone(request.now))
        ends = rules.freed_at(terms.window, zone=zone, session_ends=None, now=request.now)
    return {"left": left.left, "limit": left.limit, "ends": ends, "whole": terms.window in CALENDAR_WINDOWS}


def _stale(view: LookupView, guide: Guide) -> bool:
    """Tell whether the inventory was older than the guide finds good (W20)."""
    limit = guide.lookup.inventory.max_age
    return limit is not None and view.asked_at - view.inventory_as_of > limit.elapsed


def _demands(guide: Guide) -> str:
    try:
        return guide.mailbox(guide.lookup.process_mailbox or "demands").address
    except NotInGuide:
        return ""


def _not_here(guide: Guide) -> str:
    where = _demands(guide)
    to = f" Send it to {where}." if where else ""
    return f"The portal takes no subpoenas, warrants or orders, and no files. Nothing was received.{to}"
