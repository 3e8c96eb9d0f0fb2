"""Reports of compromise (47 CFR 1.20003): put on record, and told."""

from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from tecum.access.rules import may
from tecum.accounts import queries as people
from tecum.policy import queries as policy
from tecum.surveillance.operations import certifying
from tecum.surveillance.operations.certifying.compromises import KINDS
from tecum.surveillance.queries import certifications as queries
from tecum.web.acts import Page, pages, posted, run
from tecum.web.gates import opens
from tecum.web.orders.certifying import among
from tecum.web.orders.later import WHEN
from tecum.web.requests import Asked
from tecum.web.templatetags.frame import Crumb

TEXT = forms.Textarea(attrs={"rows": 4})
HOWS = [("telephone", "Telephone"), ("person", "In person"), ("post", "Post"), ("mail", "E-mail")]
FORMAT = ["%Y-%m-%dT%H:%M"]
_page = pages("Certifications", "orders:certifications", "orders:compromise")


class Report(forms.Form):
    """What is known of a compromise."""

    kind = forms.ChoiceField(label="What it is", choices=list(KINDS.items()), widget=forms.RadioSelect)
    discovered_at = forms.DateTimeField(label="Discovered", widget=WHEN, input_formats=FORMAT)
    what = forms.CharField(label="What happened", max_length=4000, widget=TEXT)
    to_whom = forms.CharField(
        label="Who learned of it without authorization", required=False, max_length=1000, widget=TEXT
    )
    agencies = forms.CharField(label="Agencies it concerns", max_length=400)


@opens(read="surveillance.report", write="surveillance.report")
def report(request: Asked) -> HttpResponse:
    """Put a compromise on record."""
    back = reverse("orders:certifications")
    about = request.GET.get("surveillance", "") or request.POST.get("surveillance", "")
    form = Report(posted(request))

    def do(given: dict[str, Any]) -> str:
        made = certifying.report(
            kind=given["kind"], discovered_at=_local(given["discovered_at"], request), what=given["what"],
            to_whom=given["to_whom"], agencies=given["agencies"], surveillance=about, by=request.actor, now=request.now,
        )  # fmt: skip
        return reverse("orders:compromise", args=[made])

    page = Page(
        "Report a compromise", "Put it on record", back, crumbs=(among(), Crumb("Report")),
        lead="The agencies it concerns are told within a reasonable time upon discovery (47 CFR 1.20003); the desk is reminded until then. It is kept under seal.",
    )  # fmt: skip
    return run(request, form=form, page=page, do=do, done="On record. Tell the agencies it concerns.")


@opens(read="surveillance.read")
@never_cache
def compromise(request: Asked, report: str) -> HttpResponse:
    """Show one report."""
    view, said = queries.compromise(report=report, by=request.actor, now=request.now)
    context = {
        "title": view.reference,
        "crumbs": [among(), Crumb(view.reference, mono=True)],
        "view": view,
        "said": said,
        "kind": KINDS[view.kind],
        "names": people.names({view.recorded_by, view.told_by} - {""}),
        "may_report": may(request.actor, "surveillance.report"),
    }
    return render(request, "orders/compromise.html", context)


class Told(forms.Form):
    """Whom we told, how and when."""

    told = forms.CharField(label="Whom you told", max_length=400, help_text="Agency and person.")
    how = forms.ChoiceField(label="How", choices=HOWS)
    at = forms.DateTimeField(label="When", widget=WHEN, input_formats=FORMAT)


@opens(read="surveillance.report", write="surveillance.report")
def tell(request: Asked, report: str) -> HttpResponse:
    """Write down that the agencies were told."""
    view, _ = queries.compromise(report=report, by=request.actor, now=request.now)

    def do(given: dict[str, Any]) -> None:
        certifying.tell(
            report=report, told=given["told"], how=given["how"], at=_local(given["at"], request), by=request.actor, now=request.now
        )  # fmt: skip

    page = _page(view, "Write down that they were told", "Write it down")
    return run(request, form=Told(posted(request)), page=page, do=do, done="Written down.")


def _local(at: datetime, request: Asked) -> datetime:
    return at.replace(tzinfo=policy.at(request.now).carrier.zone.tz)
