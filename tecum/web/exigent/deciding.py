"""Proposing and approving, each on a page that repeats exactly what will happen."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.http import HttpResponse

from tecum.accounts import queries as people
from tecum.demands.rules import writing
from tecum.exigent import operations as exigent
from tecum.exigent.operations.surveilling import CannotSurveil
from tecum.exigent.queries import DecisionView, RequestView
from tecum.exigent.rules.compiling import LOCATE, SURVEIL, Wanted, offered
from tecum.exigent.states import DecisionState
from tecum.guide.calculators.expiry import spoken
from tecum.kernel import numbers
from tecum.kernel.periods import Period
from tecum.kernel.refusals import NotYours
from tecum.policy import queries as policy
from tecum.surveillance.rules.ordered import Intercept, Ordered, Service
from tecum.surveillance.rules.reviewing import TYPES
from tecum.web.acts import Nothing, Row, posted, run
from tecum.web.exigent.frame import at_request, back_to, page, pathway
from tecum.web.gates import opens
from tecum.web.requests import Asked

ACTS = {
    "disclose": "Disclose records",
    "locate": "Locate the target",
    "surveil": "Start the surveillance",
}
DAYS = (
    ("1", "The last 24 hours"),
    ("2", "The last 2 days"),
    ("7", "The last 7 days"),
    ("30", "The last 30 days"),
)


class Disclose(forms.Form):
    """Records, limited to what the emergency needs."""

    targets = forms.MultipleChoiceField(label="Numbers", widget=forms.CheckboxSelectMultiple)
    products = forms.MultipleChoiceField(
        label="Records", widget=forms.CheckboxSelectMultiple, help_text="Only what the emergency needs."
    )
    days = forms.ChoiceField(label="From when", choices=DAYS, initial="1")

    def __init__(
        self, *args: Any, targets: tuple[str, ...], products: list[tuple[str, str]], **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.fields["targets"].choices = [(each, numbers.grouped(each)) for each in targets]  # type: ignore[attr-defined]
        self.fields["products"].choices = products  # type: ignore[attr-defined]
        self.initial["targets"] = list(targets)
        self.initial["products"] = [products[0][0]] if len(products) == 1 else []


@opens(read="emergency.decide", write="emergency.decide")
def disclose(request: Asked, case: str) -> HttpResponse:
    """Propose to disclose records."""
    found, guide = at_request(request, case), policy.at(request.now)
    way = pathway(request, found)
    if way is None:
        raise NotYours
    products = [(each.id, each.name) for each in offered(way, guide)]
    form = Disclose(posted(request), targets=found.said.targets, products=products)

    def do(given: dict[str, Any]) -> str:
        period = Period(request.now - timedelta(days=int(given["days"])), request.now)
        wanted = [
            Wanted(product, number, period) for product in given["products"] for number in given["targets"]
        ]
        exigent.propose_disclosure(case=case, wanted=wanted, by=request.actor, now=request.now)
        return back_to(case)

    said = page(found, "Propose a disclosure", "Propose exactly this", rows=_asked(found))
    return run(request, form=form, page=said, do=do, done="It waits for another person.")


class Locate(forms.Form):
    """For how long a target may be located."""

    targets = forms.MultipleChoiceField(label="Numbers", widget=forms.CheckboxSelectMultiple)
    hours = forms.IntegerField(
        label="For how many hours",
        min_value=1,
        max_value=48,
        initial=4,
        help_text="No location is made after the end.",
    )


@opens(read="emergency.decide", write="emergency.decide")
def locate(request: Asked, case: str) -> HttpResponse:
    """Propose permission to locate."""
    found = at_request(request, case)
    form = Locate(posted(request), initial={"targets": list(found.said.targets)})
    form.fields["targets"].choices = [(each, numbers.grouped(each)) for each in found.said.targets]  # type: ignore[attr-defined]

    def do(given: dict[str, Any]) -> str:
        exigent.propose_location(
            case=case, targets=given["targets"], hours=given["hours"], by=request.actor, now=request.now
        )
        return back_to(case)

    said = page(found, "Propose permission to locate", "Propose exactly this", rows=_asked(found))
    return run(request, form=form, page=said, do=do, done="It waits for another person.")


class Surveil(forms.Form):
    """What starts on which switches, and where it is delivered."""

    targets = forms.MultipleChoiceField(label="Targets", widget=forms.CheckboxSelectMultiple)
    types = forms.MultipleChoiceField(label="Types", widget=forms.CheckboxSelectMultiple)
    service = forms.ChoiceField(
        label="Service", choices=[(each.value, each.value.capitalize()) for each in Service]
    )
    switches = forms.MultipleChoiceField(label="Switches", widget=forms.CheckboxSelectMultiple)
    delivery = forms.CharField(
        label="The agency's dial-up number",
        max_length=30,
        required=False,
        help_text="Title III needs it in writing (R-121).",
    )


@opens(read="emergency.decide", write="emergency.decide")
def surveil(request: Asked, case: str) -> HttpResponse:
    """Propose to start a surveillance."""
    found, guide = at_request(request, case), policy.at(request.now)
    on = request.now.astimezone(guide.carrier.zone.tz).date()
    form = Surveil(
        posted(request), initial={"targets": list(found.said.targets), "types": list(found.said.types), "service": next(iter(found.said.services), "interconnect")}
    )  # fmt: skip
    form.fields["targets"].choices = [(each, numbers.grouped(each)) for each in found.said.targets]  # type: ignore[attr-defined]
    form.fields["types"].choices = [(each, TYPES[Intercept(each)]) for each in found.said.types]  # type: ignore[attr-defined]
    form.fields["switches"].choices = [(each.id, each.name) for each in guide.on(guide.switches, on)]  # type: ignore[attr-defined]

    def do(given: dict[str, Any]) -> str:
        ordered = [
            Ordered(number, Service(given["service"]), Intercept(kind), tuple(given["switches"]))
            for number in given["targets"]
            for kind in given["types"]
        ]
        where = dict.fromkeys(given["targets"], given["delivery"])
        exigent.propose_surveillance(
            case=case, ordered=ordered, delivery=where, by=request.actor, now=request.now
        )
        return back_to(case)

    said = page(found, "Propose the surveillance", "Propose exactly this", rows=_asked(found))
    return run(request, form=form, page=said, do=do, done="It waits for another person.")


class Affirm(forms.Form):
    """The name of whoever affirms a start."""

    affirmed_as = forms.CharField(
        label="Your own name", max_length=120,
        help_text="You affirm, as the employee who answers for it, that this surveillance is lawfully authorised.",
    )  # fmt: skip


@opens(read="emergency.decide", write="emergency.decide")
def approve(request: Asked, case: str, decision: str) -> HttpResponse:
    """Approve exactly what another proposed; or take one's own proposal back."""
    found = at_request(request, case)
    made = next((each for each in found.decisions if each.id == decision), None)
    if made is None or made.state is not DecisionState.PROPOSED:
        raise NotYours
    mine = made.proposed_by == request.actor.ref
    called = next((each.called_by for each in found.calls if each.id == made.call), "")
    rows = (
        *_called(found, made),
        *content(made, request),
        Row("What follows", _follows(made, request, mine=mine, called=called)),
    )

    def do(given: dict[str, Any]) -> str:
        if mine:
            exigent.withdraw(decision=decision, by=request.actor, now=request.now)
        else:
            exigent.approve(decision=decision, by=request.actor, now=request.now, **given)
        return back_to(case)

    starts = made.act == SURVEIL and not mine
    form = Affirm(posted(request)) if starts else Nothing(posted(request))
    button = "Take it back" if mine else "Approve and affirm" if starts else "Approve exactly this"
    said = page(found, ACTS[made.act], button, rows=rows, grave=not mine)
    return run(request, form=form, page=said, do=do, done="Taken back." if mine else "Approved.")


def content(made: DecisionView, request: Asked) -> list[Row]:
    """Return exactly what a decision is about, as rows."""
    said = made.content
    if made.act == SURVEIL:
        switches = {each.id: each.name for each in policy.at(request.now).switches}
        lines = [
            f"{numbers.grouped(each['number'])}: {TYPES[Intercept(each['type'])]}, {each['service']}, on {', '.join(switches.get(id, id) for id in each['switches'])}"
            for each in said["ordered"]
        ]
        return [Row("Starts", points=lines), Row("Ends", ending(request, said["clock"], made.decided_at))]
    if made.act == LOCATE:
        return [
            Row("May be located", points=[numbers.grouped(each) for each in said["targets"]]),
            Row("For", f"{said['hours']} hours from approval"),
        ]
    guide = policy.at(request.now)
    names = {each.id: each.name for each in guide.products}
    zone = guide.carrier.zone.tz
    lines = [
        f"{numbers.grouped(line.number)}: {names.get(line.product, line.product)}, {spoken(line.period.start.astimezone(zone))} to {spoken(line.period.end.astimezone(zone))}: {line.outcome.value.replace('_', ' ')}"
        for line in writing.read(said["lines"])
    ]
    return [
        Row("Discloses", points=lines),
        Row("Why", next((each.clause for each in writing.read(said["lines"])), "")),
    ]


def ending(request: Asked, clock: str, approved: datetime | None) -> str:
    """Return when it ends that was approved then, or would end that is approved now."""
    guide = policy.at(request.now)
    found = next((each for each in guide.clocks if each.id == clock), None)
    if found is None or found.time is None:
        raise CannotSurveil("The guide names no clock that ends it.")
    until: datetime = (approved or request.now) + found.time.elapsed
    return f"{found.time} after approval: {spoken(until.astimezone(guide.carrier.zone.tz))}, unless an order is received before"


def _follows(made: DecisionView, request: Asked, *, mine: bool, called: str) -> str:
    if mine:
        return "You proposed it, so another person approves. You can take it back."
    if called == request.actor.ref:
        return "You called back, so another person approves (control 5)."
    if made.act == SURVEIL:
        return "The switches are told at once. You are named in the record of 47 CFR 1.20004."
    if made.act == LOCATE:
        return "It may be located at once, until then and no longer."
    return "The records are searched at once. What is found leaves when two people release it."


def _called(found: RequestView, made: DecisionView) -> list[Row]:
    call = next((each for each in found.calls if each.id == made.call), None)
    if call is None:
        return []
    who = people.names({call.called_by, made.proposed_by})
    facts = {
        "Called": f"{numbers.grouped(call.heard.number)}, by {who.get(call.called_by, 'somebody')}", "Answered": call.heard.spoke_with,
        "Badge": call.heard.badge, "Supervisor": call.heard.supervisor, "Challenge": call.heard.challenge, "In their words": call.heard.ground,
    }  # fmt: skip
    if call.heard.designation:
        facts["Designated"] = call.heard.designation
    return [Row("Called back", facts=facts), Row("Proposed", f"by {who.get(made.proposed_by, 'somebody')}")]


def _asked(found: RequestView) -> tuple[Row, ...]:
    said = found.said
    return (
        Row("It asks for", points=list(said.assistance) or ["see its words"]),
        Row("What happened", said.circumstances or said.words[:800]),
    )
