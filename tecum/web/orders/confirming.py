"""Writing down what an order says, beside its paper; what a machine read, or a typed form says, stands in the fields."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, get_args

from django import forms
from django.http import HttpResponse

from tecum.guide.calculators.expiry import NAMES
from tecum.guide.model.emergency import Counting, StartEvent
from tecum.guide.model.guide import Guide
from tecum.kernel import numbers
from tecum.policy import queries as policy
from tecum.process import queries as received_queries
from tecum.process.facts import Said
from tecum.process.queries import PaperText
from tecum.surveillance.operations import orders as operations
from tecum.surveillance.operations.orders.entering import FormRead
from tecum.surveillance.queries.orders import OrderView
from tecum.surveillance.rules import order_reading
from tecum.surveillance.rules.order_facts import LINES, OrderSaid, Subject
from tecum.surveillance.rules.ordered import Allows, Intercept, Service
from tecum.surveillance.rules.request_form import device
from tecum.surveillance.rules.reviewing import TYPES
from tecum.web.acts import posted, run
from tecum.web.gates import opens
from tecum.web.orders.acts import at_order, page
from tecum.web.requests import Asked
from tecum.web.response.acts import Beside
from tecum.web.response.forms import DAY, YES_NO
from tecum.web.response.papers import sheet

ROWS = {"rows": 3}
CHOICES = [(f"{service} {kind}", f"{TYPES[kind]}, {service}") for service, kind in LINES]
STARTS = [("", "It does not say"), *[(each, NAMES[each]) for each in get_args(StartEvent)]]
COUNTINGS = [("", "It does not say"), *[(each, NAMES[each]) for each in get_args(Counting)]]


class Confirm(forms.Form):
    """What an order says: the court, the targets, the types, the time, what it permits, and the written particulars."""

    process = forms.ChoiceField(label="Kind of process")
    number = forms.CharField(label="Its number", required=False, max_length=80)
    issuer = forms.CharField(label="Court", required=False, max_length=200)
    signer = forms.CharField(label="Judge", required=False, max_length=120)
    signed = forms.ChoiceField(label="Is it signed?", required=False, choices=YES_NO)
    signed_by = forms.CharField(label="Signed as", required=False, max_length=80, initial="judge")
    issued_on = forms.DateField(label="Dated", required=False, widget=DAY)
    issued_clock = forms.TimeField(
        label="Time of the order, where it bears one",
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    entity = forms.CharField(label="Provider it names", required=False, max_length=200)
    region = forms.CharField(label="State of the target's market", required=False, max_length=40)
    city = forms.CharField(label="City of the target's market", required=False, max_length=60)
    targets = forms.CharField(
        label="Targets, one on a line", required=False, max_length=2000, widget=forms.Textarea(attrs=ROWS),
        help_text="The number; then, if the order gives them, a slash and IMEI or IMSI: (292) 555-0142 / IMSI 316010123456789",
    )  # fmt: skip
    names = forms.CharField(
        label="Subscriber's name, a line for each target",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    addresses = forms.CharField(
        label="Subscriber's billing address, a line for each target",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    lines = forms.MultipleChoiceField(
        label="Types and services that it orders",
        required=False,
        choices=CHOICES,
        widget=forms.CheckboxSelectMultiple,
    )
    statutes = forms.CharField(label="Statutes it cites", required=False, max_length=400)
    duration = forms.CharField(
        label="Length of time", required=False, max_length=40, help_text="For example: 30 days"
    )
    ends_on = forms.DateField(label="Its own end, if it gives one", required=False, widget=DAY)
    ends_clock = forms.TimeField(
        label="At this exact time, if it gives one",
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    start = forms.ChoiceField(label="The time runs", required=False, choices=STARTS)
    counting = forms.ChoiceField(label="How it counts days", required=False, choices=COUNTINGS)
    wants_beyond = forms.BooleanField(
        label="The agency wants it beyond the court's jurisdiction", required=False
    )
    beyond = forms.BooleanField(label="Its text covers that", required=False)
    wants_changes = forms.BooleanField(
        label="The agency wants a changed handset or number followed", required=False
    )
    new_handset = forms.BooleanField(label="Its text covers a changed handset", required=False)
    new_number = forms.BooleanField(label="Its text covers a changed number", required=False)
    dial_up_number = forms.CharField(label="Dial-up number", required=False, max_length=40, help_text="In writing; letterhead or a fax cover sheet is enough. Needed for Title III.")  # fmt: skip
    line_kind = forms.ChoiceField(
        label="Its line", required=False, choices=[("", "–"), ("POTS", "POTS"), ("ISDN", "ISDN")]
    )
    switches = forms.MultipleChoiceField(
        label="Switches to be included", required=False, widget=forms.CheckboxSelectMultiple
    )
    added_switches = forms.MultipleChoiceField(label="Switches to be added to what runs", required=False, widget=forms.CheckboxSelectMultiple)  # fmt: skip
    early_termination = forms.CharField(label="Wish to end early", required=False, max_length=200)
    billing = forms.CharField(
        label="Agency's billing name and address",
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    warrant_case = forms.CharField(label="Warrant Case ID (dispatch)", required=False, max_length=40)
    surveillance_id = forms.CharField(label="Surveillance ID (dispatch)", required=False, max_length=40)
    sealed_by_court = forms.BooleanField(label="The court sealed it", required=False)
    gag = forms.ChoiceField(label="Does it forbid to tell?", required=False, choices=YES_NO)
    gag_until = forms.DateField(label="Until", required=False, widget=DAY)

    def __init__(self, *args: Any, guide: Guide, day: date, **more: Any) -> None:
        super().__init__(*args, **more)
        kinds = [(each.id, each.name) for each in guide.process_types if each.honoured]
        switches = [(each.id, f"{each.name} ({each.id})") for each in guide.on(guide.switches, day)]
        self.fields["process"].choices = [("", "–"), *kinds]  # type: ignore[attr-defined]
        self.fields["switches"].choices = switches  # type: ignore[attr-defined]
        self.fields["added_switches"].choices = switches  # type: ignore[attr-defined]
        self.zone = guide.carrier.zone.tz

    def clean(self) -> dict[str, Any]:
        """Refuse a number that is none, by its line."""
        given = super().clean() or {}
        for field in ("targets",):
            for place, line in enumerate(_lines(given.get(field, "")), 1):
                try:
                    numbers.read(line.partition("/")[0])
                except numbers.NotANumber as wrong:
                    self.add_error(field, f"Line {place}: {wrong}")
        return given

    def said(self, papers: Sequence[PaperText], before: Said, country: str) -> Said:
        """Return what it says as every process does."""
        given = self.cleaned_data
        body = "\n".join(text for paper in papers if paper.role != "message" for _, text in paper.lines)
        return replace(
            before, process=given["process"], number=given["number"], issuer=given["issuer"], issued_on=given["issued_on"],
            signed={"yes": True, "no": False}.get(given["signed"]), signed_by=given["signed_by"], signer=given["signer"],
            entity=given["entity"], country=before.country or country, region=given["region"].upper(), city=given["city"],
            gag={"yes": True, "no": False}.get(given["gag"]), gag_until=given["gag_until"], words=body[:100_000],
        )  # fmt: skip

    def order(self, before: OrderSaid) -> OrderSaid:
        """Return what it says as an order for a surveillance."""
        given = self.cleaned_data
        return replace(
            before, subjects=self._subjects(), lines=tuple(_pair(each) for each in given["lines"]), statutes=given["statutes"],
            duration=given["duration"], ends=self._at(given["ends_on"], given["ends_clock"]),
            issued_at=self._at(given["issued_on"], given["issued_clock"]) if given["issued_clock"] else "",
            start=given["start"], counting=given["counting"], wants_beyond=given["wants_beyond"], wants_changes=given["wants_changes"],
            allows=Allows(
                new_handset=given["new_handset"], new_number=given["new_number"], beyond_jurisdiction=given["beyond"],
                exact_time=given["ends_clock"] is not None,
            ),
            dial_up_number=given["dial_up_number"], line_kind=given["line_kind"], switches=tuple(given["switches"]),
            added_switches=tuple(given["added_switches"]), early_termination=given["early_termination"],
            billing="\n".join(_lines(given["billing"])), warrant_case=given["warrant_case"],
            surveillance_id=given["surveillance_id"], sealed_by_court=given["sealed_by_court"],
        )  # fmt: skip

    def _subjects(self) -> tuple[Subject, ...]:
        given = self.cleaned_data
        people = given["names"].splitlines(), given["addresses"].splitlines()
        found = []
        for place, line in enumerate(_lines(given["targets"])):
            number, _, rest = line.partition("/")
            imei, imsi = device(rest, [])
            name, address = (each[place].strip() if place < len(each) else "" for each in people)
            found.append(Subject(numbers.read(number), imei, imsi, name, address))
        return tuple(found)

    def _at(self, day: date | None, clock: Any) -> str:
        if day is None:
            return ""
        return datetime.combine(day, clock, self.zone).isoformat() if clock is not None else day.isoformat()


@opens(read="order.work", write="order.work")
def confirm(request: Asked, case: str) -> HttpResponse:
    """Write down what a person read in an order, with its particulars."""
    order = at_order(request, case)
    by, now = request.actor, request.now
    received = received_queries.received(id=order.received, by=by, now=now)
    papers = received_queries.papers(received=order.received, by=by, now=now)
    guide = policy.at(now)
    typed = operations.read_form(case=case, by=by, now=now) if order.read_at is None else None
    form = Confirm(
        posted(request), guide=guide, day=now.astimezone(guide.carrier.zone.tz).date(),
        initial=_initial(order, received.said, papers, typed, guide),
    )  # fmt: skip

    def do(given: dict[str, Any]) -> None:
        said = form.said(papers, received.said, guide.carrier.country)
        operations.confirm(case=case, said=said, order=form.order(order.said), by=by, now=now)

    lead = "What the machine read stands in the fields. Read the paper, correct what is wrong, add what is missing."
    if typed is not None:
        faults = " ".join(typed.judged.faults)
        lead = f"A request form was typed and read; its values stand in the fields. {faults}".strip()
    plain = page(order, "Write down what it says", "Write it down", lead=lead)
    shown = sheet(papers, request.GET.get("paper", ""), request.GET.get("page", ""))
    around = Beside(**vars(plain), sheet=shown, papers=tuple(papers))
    return run(
        request,
        form=form,
        page=around,
        do=do,
        done="Written down. Its end and its checklist were worked out anew.",
    )


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _pair(text: str) -> tuple[Service, Intercept]:
    service, _, kind = text.partition(" ")
    return Service(service), Intercept(kind)


def _initial(
    order: OrderView, said: Said, papers: Sequence[PaperText], typed: FormRead | None, guide: Guide
) -> dict[str, Any]:
    """Return what a person wrote down already, else what the form and the words of the papers say."""
    read: dict[str, list[str]] = {}
    for each in (s for paper in papers for s in paper.suggestions):
        read.setdefault(each.field, []).append(each.value)
    words = [text for paper in papers for _, text in paper.lines]
    known = order.said if order.read_at else _guessed(words, typed, read.get("target", []))
    first = {name: values[0] for name, values in read.items()} if order.read_at is None else {}
    own = next((each.name for each in guide.entities if each.kind == "self"), "")
    market = next((each.market for each in order.matched if each.market), "")
    region, _, city = market.partition(" ")
    return {
        **_process(said, first, own if not order.read_at else ""),
        "region": said.region or region, "city": said.city or city,
        **_targets(known),
        **_terms(known),
        "dial_up_number": known.dial_up_number, "line_kind": known.line_kind, "switches": list(known.switches),
        "added_switches": list(known.added_switches), "early_termination": known.early_termination, "billing": known.billing,
        "warrant_case": known.warrant_case, "surveillance_id": known.surveillance_id, "sealed_by_court": known.sealed_by_court,
    }  # fmt: skip


def _guessed(words: Sequence[str], typed: FormRead | None, targets: Sequence[str]) -> OrderSaid:
    """Return what a typed form says, with what only the words of the order can."""
    found = order_reading.suggested(words)
    name = order_reading.subscriber(words)
    subjects = tuple(Subject(each, name=name) for each in targets)
    if typed is None:
        return replace(found, subjects=subjects)
    form = typed.asks.said
    return replace(
        form, subjects=form.subjects or subjects, lines=form.lines or found.lines, statutes=found.statutes,
        duration=found.duration, start=found.start, sealed_by_court=found.sealed_by_court,
    )  # fmt: skip


def _process(said: Said, first: dict[str, str], own: str) -> dict[str, Any]:
    signed = {True: "yes", False: "no"}.get(said.signed) if said.signed is not None else ""
    silent = (
        {True: "yes", False: "no"}.get(said.gag)
        if said.gag is not None
        else ("yes" if "gag" in first else "")
    )
    return {
        "process": said.process, "number": said.number or first.get("number", ""), "issuer": said.issuer or first.get("issuer", ""),
        "signer": said.signer, "signed": signed, "signed_by": said.signed_by or first.get("signed_by", "judge"),
        "issued_on": said.issued_on or first.get("issued_on", ""), "entity": said.entity or own, "gag": silent,
        "gag_until": said.gag_until,
    }  # fmt: skip


def _targets(known: OrderSaid) -> dict[str, str]:
    def line(each: Subject) -> str:
        parts = [
            numbers.grouped(each.number),
            f"IMEI {each.imei}" if each.imei else "",
            f"IMSI {each.imsi}" if each.imsi else "",
        ]
        return " / ".join(part for part in parts if part)

    return {
        "targets": "\n".join(map(line, known.subjects)),
        "names": "\n".join(each.name for each in known.subjects),
        "addresses": "\n".join(each.address for each in known.subjects),
    }


def _terms(known: OrderSaid) -> dict[str, Any]:
    ends_on, _, rest = known.ends.partition("T")
    _, _, issued = known.issued_at.partition("T")
    return {
        "lines": [f"{service} {kind}" for service, kind in known.lines], "statutes": known.statutes, "duration": known.duration,
        "ends_on": ends_on, "ends_clock": rest[:5], "issued_clock": issued[:5], "start": known.start, "counting": known.counting,
        "wants_beyond": known.wants_beyond, "beyond": known.allows.beyond_jurisdiction, "wants_changes": known.wants_changes,
        "new_handset": known.allows.new_handset, "new_number": known.allows.new_number,
    }  # fmt: skip
