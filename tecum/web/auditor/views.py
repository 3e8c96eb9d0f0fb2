"""The trail as an auditor reads, verifies and takes it away. The pages translate; `tecum.audit` decides."""

import tempfile
from pathlib import Path
from zoneinfo import ZoneInfo

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from tecum.accounts import queries as accounts
from tecum.assurance import operations as assurance
from tecum.assurance import queries as checks
from tecum.audit import operations as audit
from tecum.audit import queries
from tecum.audit.queries import AllBut, Page
from tecum.guide.loading import NoGuide
from tecum.guide.problems import FaultyGuide
from tecum.kernel.refusals import NotYours
from tecum.policy import queries as policy
from tecum.secrecy import queries as secrecy
from tecum.web.acts import grouped
from tecum.web.auditor.forms import BundleForm, TrailForm
from tecum.web.auditor.rows import rows
from tecum.web.gates import opens
from tecum.web.requests import Asked
from tecum.web.templatetags.frame import Crumb

SECONDS_BETWEEN_LOOKS = 2
MOST_PEOPLE = 10
TRAIL = "Trail"


@opens(read="trail.search")
@never_cache
def trail(request: Asked) -> HttpResponse:
    """Show the entries that answer a question; the asking is recorded before the answer is shown."""
    form = TrailForm(request.GET, auto_id="filter_%s")
    problem, page, zone = "", Page((), 0, None), _zone(request)
    if form.is_valid():
        try:
            question = form.question(_people(request, form), zone, _before(request))
            page = audit.search(within=_within(request), question=question, by=request.actor, now=request.now)
        except ValueError as fault:
            problem = str(fault)
    state, made = queries.state(), queries.checks()
    context = {
        "title": TRAIL,
        "filter": form,
        "problem": problem,
        "page": page,
        "rows": rows(page.entries, zone),
        "asked": any(request.GET.get(name) for name in form.fields),
        "state": state,
        "root": grouped(state.checkpoint.root) if state.checkpoint else "",
        "checks": made,
        "under_way": checks.under_way(),
        "unverified": checks.unverified_since(request.now),
        "checks_words": f"{made.good:,} of {made.made:,} good",
        "may_verify": request.actor.may("trail.verify"),
        "may_watch": request.actor.may("invariant.read"),
    }
    return render(request, "auditor/trail.html", context)


@opens(write="trail.verify")
def verify(request: Asked) -> HttpResponse:
    """Ask for a check of the whole trail, and lead to where it is seen."""
    asked = assurance.ask_check(by=request.actor, now=request.now)
    return redirect("auditor:check", asked.id)


@opens(read="trail.verify")
@never_cache
def check(request: Asked, check: str) -> HttpResponse:
    """Show how far a check is, then what it found; the page comes back by itself while it runs."""
    found = checks.check(check, by=request.actor, now=request.now)
    crumbs = [Crumb(TRAIL, reverse("auditor:trail")), Crumb("Verification")]
    if found.finished_at is None:
        page = {"title": "Verification of the trail", "crumbs": crumbs, "found": found}
        answer = render(request, "auditor/checking.html", page)
        answer["Refresh"] = str(SECONDS_BETWEEN_LOOKS)
        return answer
    context = {
        "title": "Verification of the trail",
        "crumbs": crumbs,
        "found": found,
        "unanchored": found.entries - found.anchored,
        "grave": not found.good,
        "took": (found.finished_at - (found.began_at or found.finished_at)).total_seconds(),
        "root": grouped(found.root),
        "state": queries.state(),
    }
    return render(request, "auditor/verified.html", context)


@opens(read="trail.search")
@never_cache
def entry(request: Asked, receipt: str) -> HttpResponse:
    """Show one entry as it was stored, and how far the promise of its receipt is kept."""
    found = audit.prove(receipt=receipt, within=_within(request), by=request.actor, now=request.now)
    if found.entry is None:
        raise NotYours
    context = {
        "title": f"Entry of receipt {found.entry.receipt}",
        "crumbs": [Crumb(TRAIL, reverse("auditor:trail")), Crumb(str(found.entry.receipt), mono=True)],
        "found": found,
        "row": rows([found.entry], _zone(request))[0],
        "data": list(found.entry.data.items()),
        "body": found.entry.body.decode(),
        "leaf": grouped(found.entry.receipt.leaf),
        "steps": [grouped(step.hex()) for step in found.proof.hashes] if found.proof else [],
        "signed": queries.latest_checkpoint(),
    }
    return render(request, "auditor/entry.html", context)


@opens(read="trail.search")
@never_cache
def proof(request: Asked, receipt: str) -> HttpResponse:
    """Hand over the proof of one entry as a file that tecum-verify takes."""
    found = audit.prove(receipt=receipt, within=_within(request), by=request.actor, now=request.now)
    if found.entry is None or found.proof is None:
        raise NotYours
    return _file(str(found.proof), f"{found.entry.receipt}.tlog-proof")


@opens(read="trail.verify", write="trail.verify")
@never_cache
def bundle(request: Asked) -> HttpResponse | FileResponse:
    """Ask what a bundle is for; hand it over once that is recorded."""
    if not request.actor.may("trail.search"):
        raise NotYours  # a bundle shows what a search shows
    form = BundleForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        context = {
            "title": "Export a bundle",
            "crumbs": [Crumb(TRAIL, reverse("auditor:trail")), Crumb("Export a bundle")],
            "form": form,
            "state": queries.state(),
        }
        return render(request, "auditor/bundle.html", context, status=422 if form.is_bound else 200)
    with tempfile.TemporaryDirectory(prefix="tecum-bundle-") as folder:
        path = Path(folder) / "trail.tar"
        audit.export(
            path=path,
            within=_within(request),
            reason=form.cleaned_data["reason"],
            by=request.actor,
            now=request.now,
        )
        # The file stays readable through its open handle when the folder is gone.
        name = f"trail-{request.now:%Y-%m-%d}.tar"
        return FileResponse(
            path.open("rb"), as_attachment=True, filename=name, content_type="application/x-tar"
        )


@opens(read="trail.verify")
def key(request: Asked) -> HttpResponse:
    """Hand over the public key."""
    return _file(f"{queries.public_key()}\n", "trail.pub")


@opens(read="trail.verify")
@never_cache
def checkpoint(request: Asked) -> HttpResponse:
    """Hand over the newest checkpoint."""
    signed = queries.latest_checkpoint()
    if signed is None:
        raise Http404
    return _file(signed.note, f"trail-{signed.size}.checkpoint")


def _file(text: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers=headers)


def _within(request: Asked) -> AllBut:
    """Return what this reader may see: every matter but those sealed to others."""
    return AllBut(secrecy.hidden_from(request.actor.ref))


def _people(request: Asked, form: TrailForm) -> dict[str, str]:
    """Return the people whom the words of the search name, ref → name; none for readers without the directory."""
    words = form.cleaned_data["q"].strip()
    if len(words) < 3 or not request.actor.may("person.read"):
        return {}
    found = accounts.people(by=request.actor, now=request.now, words=words)[:MOST_PEOPLE]
    return {f"person:{each.id}": each.name for each in found}


def _zone(request: Asked) -> ZoneInfo:
    """Return the zone that days are meant in: the carrier's."""
    try:
        return policy.at(request.now).carrier.zone.tz
    except (NoGuide, FaultyGuide):
        return ZoneInfo("UTC")


def _before(request: Asked) -> int | None:
    before = request.GET.get("before", "")
    return int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
