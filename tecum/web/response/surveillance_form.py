"""Form C at the response desk: typed in as it came, the verdict on each of its numbers, and what a person reads in its papers."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from tecum.accounts import queries as people
from tecum.agencies import queries as agencies
from tecum.cases import queries as files
from tecum.demands import operations as demands
from tecum.demands import queries
from tecum.demands.queries import FormView
from tecum.demands.rules.reaching import GROUNDS
from tecum.kernel import numbers, words
from tecum.kernel.refusals import NotYours
from tecum.policy import queries as policy
from tecum.process.operations.by_hand import WAYS
from tecum.web import acts
from tecum.web.acts import Page, Row, posted
from tecum.web.gates import opens
from tecum.web.requests import Asked
from tecum.web.response.acts import at_demand, page
from tecum.web.response.entering import SCAN, ZONES, Files, Papers, as_brought
from tecum.web.response.forms import DAY
from tecum.web.templatetags.frame import Crumb

ASKED = "Numbers for which subscriber information is asked, one on a line"


class EnterForm(forms.Form):
    """Form C as it stands on the paper."""

    channel = forms.ChoiceField(label="How it came", choices=list(WAYS.items()))
    day = forms.DateField(label="Day of receipt", widget=DAY)
    clock = forms.TimeField(
        label="Time of receipt", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    zone = forms.ChoiceField(label="Zone of that time")
    date = forms.DateField(label="Date on the form", required=False, widget=DAY)
    agency = forms.CharField(
        label="Law enforcement agency, as the form says it", required=False, max_length=200
    )
    address = forms.CharField(
        label="Address", required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    contact_name = forms.CharField(label="Contact name", required=False, max_length=120)
    contact_number = forms.CharField(label="Contact number", required=False, max_length=40)
    fax_number = forms.CharField(label="Fax number", required=False, max_length=40)
    target_number = forms.CharField(label="Target number", required=False, max_length=40)
    court_order_number = forms.CharField(label="Court order number", required=False, max_length=80)
    nextel_target = forms.ChoiceField(
        label="The target number is ours", required=False, widget=forms.RadioSelect,
        choices=[("", "The form does not say"), ("Yes", "Yes"), ("No", "No")],
        help_text="Where it is not, a copy of the court order must come along (R-185).",
    )  # fmt: skip
    numbers = forms.CharField(label=ASKED, max_length=2000, widget=forms.Textarea(attrs={"rows": 6}))
    papers = Papers(label="Scan of the form and its papers", required=False, widget=Files(), help_text=SCAN)

    def __init__(self, *args: Any, now: datetime, zone: str, **more: Any) -> None:
        super().__init__(*args, **more)
        self.received_at = now
        zones = [(each, words.zone_name(ZoneInfo(each))) for each in dict.fromkeys((zone, *ZONES))]
        self.fields["zone"].choices = zones  # type: ignore[attr-defined]
        self.initial = {**self.initial, "day": now.astimezone(ZoneInfo(zone)).date(), "zone": zone}

    def clean(self) -> dict[str, Any]:
        """Refuse a line that is no number, by its place."""
        given = super().clean() or {}
        if {"day", "clock", "zone"} <= given.keys():
            self.received_at = datetime.combine(
                given["day"], given["clock"], ZoneInfo(given["zone"])
            ).astimezone(UTC)
        for place, line in enumerate(_lines(given.get("numbers", "")), 1):
            try:
                numbers.read(line)
            except numbers.NotANumber as wrong:
                self.add_error("numbers", f"Line {place}: {wrong}")
        return given

    def values(self) -> dict[str, tuple[str, ...]]:
        """Return what was typed by field of the guide's form."""
        given = self.cleaned_data
        plain = (
            "agency",
            "contact_name",
            "contact_number",
            "fax_number",
            "target_number",
            "court_order_number",
            "nextel_target",
        )
        found = {name: (given[name],) for name in plain if given[name]}
        if given["date"]:
            found["date"] = (given["date"].isoformat(),)
        return {
            **found,
            "address": tuple(_lines(given["address"])),
            "numbers": tuple(_lines(given["numbers"])),
        }


class Copy(forms.Form):
    """Which paper is the copy of the order."""

    document = forms.ChoiceField(label="The copy of the order is", widget=forms.RadioSelect)

    def __init__(self, *args: Any, papers: Sequence[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["document"].choices = list(papers)  # type: ignore[attr-defined]


class Link(forms.Form):
    """The case of the order."""

    reference = forms.CharField(
        label="Number of the order's case", max_length=20, help_text="For example CO-7Q2M-40VX."
    )


class Reaches(forms.Form):
    """What reaches which numbers."""

    targets = forms.MultipleChoiceField(
        label="It reaches", widget=forms.CheckboxSelectMultiple, error_messages={"required": "Choose the numbers that it reaches."}
    )  # fmt: skip
    kind = forms.ChoiceField(
        label="What reaches them", widget=forms.RadioSelect, choices=[(each, word.capitalize()) for each, word in GROUNDS.items()]
    )  # fmt: skip
    document = forms.ChoiceField(label="It stands in", required=False)
    clause = forms.CharField(
        label="The words, as they stand there", max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="They are kept with each number, and stand in the scope that a second person approves.",
    )  # fmt: skip

    def __init__(
        self,
        *args: Any,
        papers: Sequence[tuple[str, str]],
        targets: Sequence[tuple[str, str]],
        linked: str,
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        elsewhere = f"The order's own case, {linked}" if linked else "Choose a paper"
        self.fields["document"].choices = [("", elsewhere), *papers]  # type: ignore[attr-defined]
        self.fields["targets"].choices = list(targets)  # type: ignore[attr-defined]


@opens(read="demand.work", write="demand.work")
def enter(request: Asked) -> HttpResponse:
    """Type in a form C that came by fax, post or at the counter."""
    by, now = request.actor, request.now
    if demands.form_of(policy.at(now), now) is None:
        raise NotYours
    chosen = request.GET.get("agency", "")
    known = agencies.agency(id=chosen, by=by, now=now) if chosen else None
    form = EnterForm(
        posted(request), request.FILES if request.method == "POST" else None, now=now,
        zone=policy.at(now).carrier.zone.tz.key,
    )  # fmt: skip
    around = Page(
        title="Enter a request from a surveillance", button="Enter the request", back=reverse("response:demands"), upload=True,
        crumbs=(Crumb("Legal demands", reverse("response:demands")), Crumb("Enter form C")),
        lead=(f"From {known.name}. " if known else "")
        + "Form C: subscribers of numbers seen on an active surveillance. A case opens; each number waits until somebody"
        " confirms what of the order, or which subpoena, reaches it.",
    )  # fmt: skip

    def do(given: dict[str, Any]) -> str:
        made = demands.enter_form(
            channel=given["channel"], received_at=form.received_at, values=form.values(), agency=known.id if known else "",
            brought=as_brought(given["papers"]), by=by, now=now,
        )  # fmt: skip
        for each in made.told:
            messages.warning(request, each)
        return reverse("response:form", args=[made.received.case])

    return acts.run(
        request,
        form=form,
        page=around,
        do=do,
        done="The case is open. Its numbers wait for what reaches them.",
    )


@opens(read="demand.read")
def show(request: Asked, case: str) -> HttpResponse:
    """Show a form C with the verdict on each of its numbers."""
    demand = at_demand(request, case)
    form = _form(request, case)
    papers = dict(_papers(request, case))
    context = {
        "title": "Request from a surveillance",
        "crumbs": (
            Crumb("Legal demands", reverse("response:demands")),
            Crumb(demand.case.reference, reverse("response:demand", args=[case]), mono=True),
            Crumb("Form C"),
        ),
        "demand": demand,
        "form": form,
        "grounds": GROUNDS,
        "papers": papers,
        "copy": papers.get(form.order_copy, ""),
        "ready": sum(1 for each in form.numbers if not each.missing),
        "names": people.names({each.confirmed_by for each in form.numbers} | {form.copied_by} - {""}),
    }
    return render(request, "response/form.html", context)


@opens(read="demand.work", write="demand.work")
def copy(request: Asked, case: str) -> HttpResponse:
    """Say which paper is the copy of the order (R-185)."""
    papers = _papers(request, case)

    def do(given: dict[str, Any]) -> str:
        demands.confirm_order_copy(case=case, document=given["document"], by=request.actor, now=request.now)
        return _back(case)

    said = _page(
        request,
        case,
        "The copy of the order",
        "This is the copy",
        lead="" if papers else "No paper is in this case: add it first.",
    )
    return acts.run(
        request,
        form=Copy(posted(request), papers=papers),
        page=said,
        do=do,
        done="The copy of the order is found.",
    )


@opens(read="demand.work", write="demand.work")
def link(request: Asked, case: str) -> HttpResponse:
    """Link the request to the case of the order it names (D6)."""
    form = _form(request, case)

    def do(given: dict[str, Any]) -> str:
        demands.link_order(case=case, reference=given["reference"], by=request.actor, now=request.now)
        return _back(case)

    said = _page(
        request,
        case,
        "Link the order",
        "Link the two cases",
        rows=(Row("The form names", form.order or "No order number."),),
    )
    return acts.run(request, form=Link(posted(request)), page=said, do=do, done="The two cases are linked.")


@opens(read="demand.work", write="demand.work")
def reach(request: Asked, case: str) -> HttpResponse:
    """Confirm that a clause of the order, or a subpoena, reaches numbers (D12)."""
    form = _form(request, case)
    targets = [(each.target.id, numbers.grouped(each.target.value)) for each in form.numbers]
    asked = Reaches(
        posted(request), papers=_papers(request, case), targets=targets, linked=form.order_reference
    )

    def do(given: dict[str, Any]) -> str:
        ground = demands.Ground(given["kind"], given["document"], given["clause"])
        demands.confirm_reach(
            case=case, targets=given["targets"], ground=ground, by=request.actor, now=request.now
        )
        return _back(case)

    said = _page(
        request, case, "Confirm what reaches the numbers", "I have read it: confirm",
        lead="A number is answered only if the order or an attached subpoena reaches it. Read the words before you confirm;"
        " a second person approves the scope that rests on them.",
    )  # fmt: skip
    return acts.run(request, form=asked, page=said, do=do, done="Confirmed.")


@opens(read="demand.work", write="demand.work")
def take_back(request: Asked, case: str, target: str) -> HttpResponse:
    """Take the confirmation of one number back."""
    form = _form(request, case)
    mine = [each for each in form.numbers if each.target.id == target and each.ground]
    if not mine:
        raise NotYours

    def do(_: dict[str, Any]) -> str:
        demands.take_reach_back(case=case, targets=[target], by=request.actor, now=request.now)
        return _back(case)

    rows = (
        Row(
            numbers.grouped(mine[0].target.value), f"{GROUNDS[mine[0].ground].capitalize()}: {mine[0].clause}"
        ),
    )
    said = _page(request, case, "Take a confirmation back", "Take it back", rows=rows)
    return acts.run(
        request,
        form=acts.Nothing(posted(request)),
        page=said,
        do=do,
        done="The number is not answered any more.",
    )


def _form(request: Asked, case: str) -> FormView:
    found = queries.surveillance_form(case=case, by=request.actor, now=request.now)
    if found is None:
        raise NotYours
    return found


def _papers(request: Asked, case: str) -> list[tuple[str, str]]:
    mine = files.documents(case=case, by=request.actor, now=request.now)
    return [(each.id, each.name or "without a name") for each in mine if each.role != "message"]


def _page(
    request: Asked, case: str, title: str, button: str, *, rows: tuple[Row, ...] = (), lead: str = ""
) -> Page:
    said = page(at_demand(request, case), title, button, rows=rows, lead=lead)
    return Page(said.title, said.button, _back(case), said.heading, said.lead, said.rows, said.crumbs)


def _back(case: str) -> str:
    return reverse("response:form", args=[case])


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
