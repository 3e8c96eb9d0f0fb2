"""
Checking legal process before it is served: right company, words, interval, retention, kind of process for the records.

Anybody may ask. Nothing is stored, and no telephone number is taken, so nothing can be learnt here about one.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from tecum.guide.calculators import process as ladder
from tecum.guide.calculators import retention, routing
from tecum.guide.calculators.process import Judgement, Paper
from tecum.guide.calculators.retention import Coverage
from tecum.guide.model.guide import Guide, NotInGuide
from tecum.guide.questions import Question
from tecum.kernel.periods import Period
from tecum.policy import queries as policy
from tecum.process.facts import Said
from tecum.process.rules.checklist import NUMBER_AND_TIME, PHRASE, Aim, Finding, examined
from tecum.web.gates import EVERYBODY, opens
from tecum.web.public.status import same_origin
from tecum.web.requests import Asked

A_NUMBER = re.compile(r"(?<!\d)(?:\+?1[\s.-]*)?\(?[2-9]\d{2}\)?[\s./-]*\d{3}[\s./-]*\d{4}(?!\d)")
LONGEST = 20_000
GONE = frozenset({"expired", "not_kept"})
NOT_HERE = frozenset({"gag", "return_date", "channel"})  # what this page does not ask
YES_OR_NO = (("", "Not said"), ("yes", "Yes"), ("no", "No"))


class Draft(forms.Form):
    """What one's process says; only what it is and what it asks for must be said."""

    process = forms.ChoiceField(label="Kind of process")
    product = forms.ChoiceField(label="Records it asks for")
    country = forms.ChoiceField(label="Country that it comes from")
    entity = forms.CharField(label="Company that it names", max_length=200, required=False)
    first = forms.DateField(
        label="First day asked for", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    last = forms.DateField(
        label="Last day asked for", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    issued_on = forms.DateField(
        label="Date of issue", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    signed = forms.ChoiceField(label="Is it signed", choices=YES_OR_NO, required=False)
    signed_by = forms.ChoiceField(label="Who signs it", required=False)
    text = forms.CharField(
        label="Its words", required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 8}),
        help_text="As they stand in its body. Leave telephone numbers and names out: write [number] in their place.",
    )  # fmt: skip

    def __init__(self, *args: object, guide: Guide, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        kinds = guide.process_types
        countries = dict.fromkeys(
            [guide.carrier.country, *(each for kind in kinds for each in kind.countries)]
        )
        signers = dict.fromkeys(who for kind in kinds for who in kind.signed_by)
        for name, choices in (
            ("process", [(kind.id, kind.name) for kind in kinds]),
            ("product", [(product.id, product.name) for product in guide.products]),
            ("country", [(each, each) for each in countries]),
            (
                "signed_by",
                [("", "Not said"), *((who, who.replace("_", " ").capitalize()) for who in signers)],
            ),
        ):
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean_text(self) -> str:
        """Refuse words that hold a telephone number: it is not wanted here."""
        text = str(self.cleaned_data["text"])
        if A_NUMBER.search(text):
            raise forms.ValidationError("There is a telephone number in it. Write [number] in its place.")
        return text

    def clean(self) -> dict[str, object]:
        """Refuse an interval that ends before it begins, or of which only one end is said."""
        given = super().clean() or {}
        first, last = given.get("first"), given.get("last")
        if bool(first) != bool(last):
            self.add_error("last" if first else "first", "Say both days, or neither.")
        elif first and last and last < first:
            self.add_error("last", "The last day lies before the first.")
        return given


@dataclass(frozen=True, slots=True)
class Checked:
    """What the guide says of a draft."""

    findings: tuple[Finding, ...]
    enough: tuple[str, ...]
    kept: Coverage | None
    judged: Judgement
    template: tuple[str, ...]

    @property
    def missing(self) -> int:
        """Count what must be mended."""
        return sum(each.met is False for each in self.findings) + self.gone

    @property
    def gone(self) -> bool:
        """Tell whether nothing of the interval is kept."""
        return self.kept is not None and self.kept.verdict in GONE


@opens(read=EVERYBODY, write=EVERYBODY)
@never_cache
def check(request: Asked) -> HttpResponse:
    """Ask what one's process says; with POST, say what the guide says of it. Nothing is kept."""
    guide = policy.at(request.now)
    posted = request.method == "POST"
    form = Draft(request.POST if posted else None, guide=guide, initial={"country": guide.carrier.country})
    context: dict[str, object] = {"title": "Check your process before you serve it", "form": form}
    if posted and form.is_valid():
        context["checked"] = checked(guide, form.cleaned_data, now=request.now)
        context["products"] = {product.id: product.name for product in guide.products}
    return same_origin(render(request, "public/check.html", context, status=422 if form.errors else 200))


def checked(guide: Guide, given: dict[str, object], *, now: datetime) -> Checked:
    """Return what the guide's calculators say, the same that `tecum guide explain process` says."""
    said = Said(
        process=str(given["process"]), country=str(given["country"]), entity=str(given["entity"]).strip(),
        signed={"yes": True, "no": False}.get(str(given["signed"])), signed_by=str(given["signed_by"]),
        issued_on=_day(given["issued_on"]), words=str(given["text"]),
    )  # fmt: skip
    product, period = str(given["product"]), _period(guide, given)
    on = now.astimezone(guide.carrier.zone.tz).date()
    question = Question(on=on, process=said.process, product=product, country=said.country)
    aim = Aim(label="each number", number="", product=product, period=period, is_number=False)
    found = examined(guide, said, [aim], channel="", received_at=now)
    judged = ladder.judge(
        guide, question, Paper(text=said.words or None, dated=said.issued_on, signed_by=said.signed_by)
    )
    names = {kind.id: kind.name for kind in guide.process_types}
    return Checked(
        findings=tuple(each for each in found if each.code not in NOT_HERE),
        enough=tuple(names[each] for each in judged.would_be_enough),
        kept=_kept(guide, replace(question, process=""), period, now=now),
        judged=judged,
        template=_template(guide, question, found),
    )


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None


def _period(guide: Guide, given: dict[str, object]) -> Period | None:
    first, last = _day(given.get("first")), _day(given.get("last"))
    if first is None or last is None:
        return None
    zone = guide.carrier.zone.tz
    return Period(
        datetime.combine(first, time(), zone), datetime.combine(last + timedelta(days=1), time(), zone)
    )


def _kept(guide: Guide, question: Question, period: Period | None, *, now: datetime) -> Coverage | None:
    try:
        return retention.verdict(guide, question, period, now)
    except NotInGuide:
        return None


def _template(guide: Guide, question: Question, found: tuple[Finding, ...]) -> tuple[str, ...]:
    """Return the sentences to copy: whom to name, the words that are required, number and time frame (R-106, R-110)."""
    try:
        name = routing.route(guide, question).provider_name
    except NotInGuide:
        name = guide.carrier.name
    required = [
        each.phrase
        for rule in guide.requirements
        if not rule.products or question.product in rule.products
        for each in rule.words
        if not each.processes or question.process in each.processes
    ]
    wordings = [
        each.wording for each in found if each.wording and each.code not in {*NOT_HERE, "entity", "target"}
    ]
    product = next(each.name for each in guide.products if each.id == question.product)
    when = NUMBER_AND_TIME.removeprefix(PHRASE).strip(" “”")
    body = [*dict.fromkeys([*required, *(each.removeprefix(PHRASE).strip(" “”") for each in wordings)])]
    return (f"To: {name}", f"Please produce: {product}, for {when}.", *body)
