"""Entering a demand that came by fax, post or at the counter; adding a paper; saying how the sender was told the number."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from tecum.agencies import queries as agencies
from tecum.cases.facts import Asked as Target
from tecum.cases.facts import Contact
from tecum.demands import operations as demands
from tecum.kernel import numbers, words
from tecum.policy import queries as policy
from tecum.process import operations as process
from tecum.process import queries as received_queries
from tecum.process.operations.by_hand import WAYS
from tecum.web import acts
from tecum.web.acts import Page, Row, posted
from tecum.web.gates import opens
from tecum.web.requests import Asked
from tecum.web.response.acts import at_demand, page
from tecum.web.response.forms import DAY, days
from tecum.web.templatetags.frame import Crumb

ZONES = (
    "America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles", "America/Anchorage",
    "Pacific/Honolulu", "America/Puerto_Rico", "America/St_Johns", "America/Halifax", "America/Toronto",
    "America/Winnipeg", "America/Regina", "America/Edmonton", "America/Vancouver", "UTC",
)  # fmt: skip
MOST_FOUND = 8


class Files(forms.ClearableFileInput):
    """A control that takes several files."""

    allow_multiple_selected = True


class Papers(forms.FileField):
    """Several files, as a list."""

    def to_python(self, data: Any) -> Any:
        """Return every file that was chosen."""
        given = data if isinstance(data, list) else [data] if data else []
        return [super(Papers, self).to_python(each) for each in given]


SCAN = "A PDF or a picture. It may be locked, crooked or photographed: it is kept as it came."


class Search(forms.Form):
    """Words of an agency's name or mail domain."""

    q = forms.CharField(label="Agency in the directory", required=False, max_length=80)


class Enter(forms.Form):
    """What stands on the paper, and when it came."""

    channel = forms.ChoiceField(label="How it came", choices=list(WAYS.items()))
    day = forms.DateField(label="Day of receipt", widget=DAY)
    clock = forms.TimeField(
        label="Time of receipt",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text="As stamped or printed on the fax, not when it is entered.",
    )
    zone = forms.ChoiceField(label="Zone of that time")
    agency_name = forms.CharField(label="Agency, as the paper says it", required=False, max_length=200)
    name = forms.CharField(label="Contact there", required=False, max_length=120)
    phone = forms.CharField(label="Telephone", required=False, max_length=40)
    fax = forms.CharField(label="Fax", required=False, max_length=40)
    email = forms.EmailField(label="E-mail", required=False, max_length=254)
    address = forms.CharField(
        label="Postal address", required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    numbers = forms.CharField(
        label="Numbers it asks for, one on a line", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Records that would expire are held at once. Without them, confirm what it says on the demand's page.",
    )  # fmt: skip
    product = forms.ChoiceField(label="What it asks for", required=False)
    since = forms.DateField(label="From", required=False, widget=DAY)
    through = forms.DateField(label="Through (this day included)", required=False, widget=DAY)
    papers = Papers(label="Scan", required=False, widget=Files(), help_text=SCAN)
    testimony = forms.BooleanField(
        label="It asks for a person to testify, and for no records", required=False
    )

    def __init__(self, *args: Any, now: datetime, zone: str, products: Sequence[tuple[str, str]], **more: Any) -> None:  # fmt: skip
        super().__init__(*args, **more)
        self.now, self.received_at = now, now
        local = now.astimezone(ZoneInfo(zone))
        self.fields["zone"].choices = [(each, words.zone_name(ZoneInfo(each))) for each in dict.fromkeys((zone, *ZONES))]  # type: ignore[attr-defined]  # fmt: skip
        self.fields["product"].choices = [("", "–"), *products]  # type: ignore[attr-defined]
        self.initial = {**self.initial, "day": local.date(), "zone": zone}

    def clean(self) -> dict[str, Any]:
        """Refuse a time that has not come or that the clocks skipped, and a number that is none, by its line."""
        given = super().clean() or {}
        if {"day", "clock", "zone"} <= given.keys():
            self._time(given["day"], given["clock"], ZoneInfo(given["zone"]))
        for place, line in enumerate(_lines(given.get("numbers", "")), 1):
            try:
                numbers.read(line)
            except numbers.NotANumber as wrong:
                self.add_error("numbers", f"Line {place}: {wrong}")
        if given.get("since") and given.get("through") and given["through"] < given["since"]:
            self.add_error("through", "The interval ends before it begins.")
        return given

    def _time(self, day: date, clock: time, zone: ZoneInfo) -> None:
        at = datetime.combine(day, clock, zone).astimezone(UTC)
        if at.astimezone(zone).replace(tzinfo=None) != datetime.combine(day, clock):
            self.add_error("clock", "The clocks skipped this hour on that day.")
        elif at > self.now:
            self.add_error("clock", "This time has not come yet. Look at the stamp, and at the zone.")
        self.received_at = at

    def targets(self) -> list[Target]:
        """Return the targets; the interval's days are those of the zone in which the paper came."""
        given, zone = self.cleaned_data, ZoneInfo(self.cleaned_data["zone"])
        period = days(given["since"], given["through"], zone) if given["since"] and given["through"] else None
        return [Target(numbers.read(line), period, given["product"]) for line in _lines(given["numbers"])]

    def contact(self, agency: str) -> Contact:
        """Return who stands behind it, as the paper says."""
        names = ("name", "phone", "fax", "email", "address")
        said = {name: self.cleaned_data[name] for name in names}
        return Contact.read({**said, "agency_name": self.cleaned_data["agency_name"] or agency})


class AddPaper(forms.Form):
    """Further papers."""

    papers = Papers(label="Files", widget=Files(), help_text=SCAN)


class Told(forms.Form):
    """The way by which the sender was told."""

    how = forms.ChoiceField(
        label="The sender was told by",
        choices=[
            ("telephone", "Telephone"),
            ("fax", "Fax"),
            ("post", "Post"),
            ("counter", "At the counter"),
        ],
        widget=forms.RadioSelect,
    )


@opens(read="demand.work", write="demand.work")
def enter(request: Asked) -> HttpResponse:
    """Enter a demand by hand; the agency is searched in the directory, or stands as the paper says."""
    by, now = request.actor, request.now
    guide = policy.at(now)
    here, chosen = reverse("response:enter"), request.GET.get("agency", "")
    known = agencies.agency(id=chosen, by=by, now=now) if chosen else None
    asked = request.GET.get("q", "").strip()
    found = agencies.agencies(by=by, now=now, words=asked)[: MOST_FOUND + 1] if asked and not known else []
    form = Enter(
        posted(request),
        request.FILES if request.method == "POST" else None,
        now=now,
        zone=guide.carrier.zone.tz.key,
        products=[(each.id, each.name) for each in guide.products],
    )
    around = Page(
        title="Enter a demand by hand", button="Enter the demand", back=reverse("response:demands"), upload=True,
        crumbs=(Crumb("Legal demands", reverse("response:demands")), Crumb("Enter by hand")),
        lead="What came by fax, by post or at the counter. A case opens, its clock counts from the time of receipt.",
    )  # fmt: skip

    def do(given: dict[str, Any]) -> str:
        made = demands.enter(
            channel=given["channel"], received_at=form.received_at, contact=form.contact(known.name if known else ""),
            agency=known.id if known else "", targets=form.targets(), brought=as_brought(given["papers"]),
            testimony=given["testimony"], by=by, now=now,
        )  # fmt: skip
        _say(request, made.told)
        return reverse("response:told", args=[made.received.case])

    if request.method == "POST":
        return acts.run(request, form=form, page=around, do=do, done="The case is open. Now tell its number.")
    context = {
        "form": form, "page": around, "title": around.title, "crumbs": around.crumbs, "known": known, "here": here,
        "filter": Search(initial={"q": asked}), "asked": asked, "found": found[:MOST_FOUND],
        "more": len(found) > MOST_FOUND, "form_c": demands.form_of(guide, now),
    }  # fmt: skip
    return render(request, "response/enter.html", context)


@opens(read="demand.work", write="demand.work")
def add_paper(request: Asked, case: str) -> HttpResponse:
    """Add papers to a demand's case."""
    demand = at_demand(request, case)
    form = AddPaper(posted(request), request.FILES if request.method == "POST" else None)

    def do(given: dict[str, Any]) -> None:
        brought = as_brought(given["papers"])
        _say(request, demands.add_papers(case=case, brought=brought, by=request.actor, now=request.now))

    said = page(demand, "Add a paper", "Add it")
    around = Page(said.title, said.button, said.back, said.heading, crumbs=said.crumbs, upload=True)
    return acts.run(request, form=form, page=around, do=do, done="Kept with the case.")


@opens(read="demand.work", write="demand.work")
def told(request: Asked, case: str) -> HttpResponse:
    """Write down how the sender was told the case's number, where no mail could say it."""
    demand = at_demand(request, case)
    by, now = request.actor, request.now
    received = received_queries.received(id=demand.received, by=by, now=now)
    contact = demand.case.contact
    said = {"Case": demand.case.reference, "Came by": WAYS.get(received.channel, received.channel)}
    ways = {"Telephone": contact.phone, "Fax": contact.fax, "E-mail": contact.email, "Post": contact.address}
    rows = (
        Row("The number to tell", facts=said),
        Row(
            "How the paper says they are reached",
            "" if any(ways.values()) else "The paper names no way.",
            facts={k: v for k, v in ways.items() if v},
        ),
    )

    def do(given: dict[str, Any]) -> None:
        process.record_answer(received=demand.received, how=given["how"], by=by, now=now)

    around = page(
        demand,
        "Tell the case's number",
        "They know the number",
        rows=rows,
        lead="Say the number of the case and nothing else. Until then it stands on the list of untold numbers.",
    )
    return acts.run(request, form=Told(posted(request)), page=around, do=do, done="Written down.")


def as_brought(files: Sequence[Any]) -> list[demands.Brought]:
    """Return chosen files as papers that a person brings."""
    return [demands.Brought(each.name or "scan", each.read()) for each in files]


def _say(request: Asked, sentences: Sequence[str]) -> None:
    for each in sentences:
        messages.warning(request, each)


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]
