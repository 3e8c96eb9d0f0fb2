"""The officer's own cases: how each stands, what waits for them; withdrawn whole or by target, and taken back in time."""

from collections.abc import Sequence

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from tecum.cases.queries import TargetView
from tecum.cases.states import TargetState
from tecum.demands import operations as demands
from tecum.demands import queries
from tecum.demands.queries import Told
from tecum.demands.states import DemandState
from tecum.guide import saying
from tecum.guide.calculators import calendars
from tecum.guide.model.guide import Guide
from tecum.kernel import numbers, words
from tecum.policy import queries as policy
from tecum.web import acts, arrears
from tecum.web.acts import Page, Row
from tecum.web.gates import opens
from tecum.web.lists import page_of
from tecum.web.requests import Asked
from tecum.web.templatetags.frame import Crumb, View

TARGETS = {
    TargetState.ASKED: "asked",
    TargetState.ANSWERED: "answered",
    TargetState.WITHDRAWN: "withdrawn",
    TargetState.DECLINED: "not given",
}


class Which(forms.Form):
    """Which of the numbers are no longer needed."""

    targets = forms.MultipleChoiceField(
        label="Which of them are no longer needed",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick at least one, or leave without withdrawing."},
    )

    def __init__(self, *args: object, choices: Sequence[tuple[str, str]], **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        self.fields["targets"].choices = choices  # type: ignore[attr-defined]


def views(here: str) -> list[View]:
    """Return the two lists that an officer has: what was asked, and what was handed over."""
    return [
        View("Cases", reverse("portal:cases"), current=here == "cases"),
        View("Answers", reverse("portal:productions"), current=here == "answers"),
        View("Surveillances", reverse("portal:surveillances"), current=here == "surveillances"),
    ]


@opens(read="case.own")
@never_cache
def queue(request: Asked) -> HttpResponse:
    """List the cases on whose own list the person stands, newest first."""
    rows = page_of(queries.mine(by=request.actor, now=request.now), request)
    may_submit = request.actor.may("demand.submit") and queries.door_open("portal", now=request.now)
    context = {
        "title": "My cases", "late": arrears.late(request.actor.agency, whose="your agency", now=request.now), "rows": rows, "views": views("cases"), "may_submit": may_submit,
        "drafts": queries.drafts(by=request.actor, now=request.now) if may_submit else [],
    }  # fmt: skip
    return render(request, "portal/cases.html", context)


@opens(read="case.own")
@never_cache
def one(request: Asked, case: str) -> HttpResponse:
    """Show how one's own case stands; that it was seen is recorded first."""
    told = demands.show(case=case, by=request.actor, now=request.now)
    guide = policy.at(request.now)
    context = {
        "title": "Case",
        "crumbs": [Crumb("My cases", reverse("portal:cases")), Crumb(told.reference, mono=True)],
        "told": told,
        "targets": [(each, TARGETS[each.state]) for each in told.targets],
        "products": {product.id: product.name for product in guide.products},
        "undo_for": guide.demands.undo_withdrawal,
        "withdrawn": told.state is DemandState.WITHDRAWN,
        "remit_to": saying.pays_to(guide),
    }
    return render(request, "portal/case.html", context)


@opens(read="demand.withdraw", write="demand.withdraw")
@never_cache
def withdraw(request: Asked, case: str) -> HttpResponse:
    """Withdraw a demand, whole or by target; the page repeats what will happen (R-044, D11)."""
    told = demands.show(case=case, by=request.actor, now=request.now)
    guide = policy.at(request.now)
    live = [each for each in told.targets if each.state is TargetState.ASKED]
    chosen = [each.id for each in live if each.id in request.GET.getlist("target")] or [
        each.id for each in live
    ]
    looked_up = bool(request.GET.getlist("target"))
    back = reverse("portal:case", args=[case])

    def act(given: dict[str, list[str]]) -> str:
        demands.withdraw(
            case=case, how="look_up" if looked_up else "portal", targets=given.get("targets", []), by=request.actor,
            now=request.now,
        )  # fmt: skip
        return back

    form: forms.Form = acts.Nothing(acts.posted(request))
    if live:
        choices = [(each.id, _named(each, guide)) for each in live]
        form = Which(acts.posted(request), choices=choices, initial={"targets": chosen})
    page = Page(
        title="Withdraw a demand", heading=f"Withdraw from case {told.reference}", button="Withdraw",
        back=back, keep="Leave it as it is", rows=_what_happens(told, guide, request), crumbs=_way(told), grave=True,
    )  # fmt: skip
    return acts.run(request, form=form, page=page, do=act, done="It is withdrawn.")


@opens(read="demand.withdraw", write="demand.withdraw")
@never_cache
def undo(request: Asked, case: str) -> HttpResponse:
    """Take a withdrawal back while the guide still lets one."""
    told = demands.show(case=case, by=request.actor, now=request.now)
    back = reverse("portal:case", args=[case])

    def act(_: object) -> str:
        demands.undo(case=case, by=request.actor, now=request.now)
        return back

    rows = [
        Row("What happens", points=("The demand goes on where it was, with its place by date of receipt.",))
    ]
    page = Page(
        title="Take a withdrawal back", heading=f"Take the withdrawal of case {told.reference} back",
        button="Take it back", back=back, keep="Leave it withdrawn", rows=rows, crumbs=_way(told),
    )  # fmt: skip
    return acts.run(
        request, form=acts.Nothing(acts.posted(request)), page=page, do=act, done="The demand goes on."
    )


def _way(told: Told) -> list[Crumb]:
    return [
        Crumb("My cases", reverse("portal:cases")),
        Crumb(told.reference, reverse("portal:case", args=[told.case]), mono=True),
    ]


def _what_happens(told: Told, guide: Guide, request: Asked) -> list[Row]:
    until = calendars.later(guide, request.now, guide.demands.undo_withdrawal)
    return [
        Row("How it stands", text=told.stands),
        Row(
            "What happens",
            points=(
                "If all of it is withdrawn, the case closes and nothing is produced.",
                "If only a part is withdrawn, the rest goes on.",
                "The case's contact is told when it closes.",
            ),
        ),
        Row(
            "Taking it back",
            text=f"All of it: until {words.moment(until, guide.carrier.zone.tz)}; so long records stay held."
            " A part of it: send the demand for it again.",
        ),
    ]


def _named(each: TargetView, guide: Guide) -> str:
    """Name a target as the list of choices does: number, interval, product."""
    value = numbers.grouped(each.value) if numbers.is_canonical(each.value) else each.value
    zone = guide.carrier.zone.tz
    when = (
        f", {words.moment(each.period.start, zone)} to {words.moment(each.period.end, zone)}"
        if each.period
        else ""
    )
    product = next((one.name for one in guide.products if one.id == each.product), "")
    return f"{value}{when}{', ' if product else ''}{product}"
