"""What an officer fills in to hand a legal demand in; what it means for the operation."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from tecum.cases.facts import Asked as Target
from tecum.cases.facts import Contact
from tecum.demands.operations import Brought, Submission
from tecum.guide.model.guide import Guide
from tecum.kernel import numbers, words
from tecum.kernel.periods import Period
from tecum.process.facts import Said
from tecum.web.forms import Day
from tecum.web.response.entering import ZONES, Files, Papers

YES_OR_NO = (("", "Not said"), ("yes", "Yes"), ("no", "No"))
UPLOAD = (
    "PDFs or pictures, at most ten, each at most 25 MB. Save them without a password: a locked file is kept as it came,"
    " and the desk has to ask you for one that opens."
)


def _clock(label: str, hint: str) -> forms.TimeField:
    return forms.TimeField(
        label=label, required=False, help_text=hint, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )  # fmt: skip


class SubmissionForm(forms.Form):
    """A legal demand: what it is, what it asks for, the paper itself. Only the kind and a paper must be there."""

    process = forms.ChoiceField(label="Kind of legal process")
    number = forms.CharField(label="Its own number", required=False, max_length=80)
    issuer = forms.CharField(label="Court or office that issued it", required=False, max_length=200)
    issued_on = forms.DateField(label="Date of issue", required=False, widget=Day)
    signed = forms.ChoiceField(label="Is it signed", choices=YES_OR_NO, required=False)
    signed_by = forms.ChoiceField(label="Who signed it", required=False)
    entity = forms.CharField(label="Company that it names", required=False, max_length=200)
    return_on = forms.DateField(label="Return date", required=False, widget=Day)
    numbers = forms.CharField(
        label="Telephone numbers, with area code, one on a line", required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4, "class": "mono", "spellcheck": "false", "autocomplete": "off"}),
    )  # fmt: skip
    products = forms.MultipleChoiceField(
        label="Records it asks for", required=False, widget=forms.CheckboxSelectMultiple
    )
    first = forms.DateField(label="From", required=False, widget=Day)
    first_at = _clock("From, time of day", "Left out: from the first minute of that day.")
    last = forms.DateField(label="Through", required=False, widget=Day)
    last_at = _clock("Through, time of day", "Left out: to the end of that day.")
    zone = forms.ChoiceField(label="Zone of these times", required=False)
    gag = forms.ChoiceField(label="Does it forbid telling the customer", choices=YES_OR_NO, required=False)
    gag_until = forms.DateField(label="Until which day", required=False, widget=Day)
    text = forms.CharField(
        label="Its words", required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Where the guide asks for certain words, they can be checked before you hand it in.",
    )  # fmt: skip
    phone = forms.CharField(label="Telephone for questions", required=False, max_length=40)
    papers = Papers(label="The process itself", required=False, widget=Files(), help_text=UPLOAD)

    def __init__(self, *args: Any, guide: Guide, today: date, **more: Any) -> None:
        super().__init__(*args, **more)
        self.guide, self.today = guide, today
        zone = guide.carrier.zone.tz.key
        signers = dict.fromkeys(who for kind in guide.process_types for who in kind.signed_by)
        choices: dict[str, Sequence[tuple[str, str]]] = {
            "process": [("", "Choose"), *((kind.id, kind.name) for kind in guide.process_types)],
            "products": [(product.id, product.name) for product in guide.products],
            "signed_by": [("", "Not said"), *((who, who.replace("_", " ").capitalize()) for who in signers)],
            "zone": [(each, words.zone_name(ZoneInfo(each))) for each in dict.fromkeys((zone, *ZONES))],
        }
        for name, given in choices.items():
            self.fields[name].choices = given  # type: ignore[attr-defined]
        self.period: Period | None = None

    def parts(self) -> list[tuple[str, list[Any]]]:
        """Return the fields by section, for the page."""
        sections = (
            ("The process", "process number issuer issued_on signed signed_by entity return_on"),
            ("What it asks for", "numbers products first first_at last last_at zone"),
            ("Secrecy and words", "gag gag_until text"),
            ("How the desk reaches you", "phone"),
            ("The paper", "papers"),
        )
        return [(title, [self[name] for name in names.split()]) for title, names in sections]

    def clean_numbers(self) -> str:
        """Refuse what is no number, by its line."""
        text = str(self.cleaned_data["numbers"])
        for place, line in enumerate(_lines(text), 1):
            try:
                numbers.read(line)
            except numbers.NotANumber as wrong:
                self.add_error("numbers", f"Line {place}: {wrong}")
        return text

    def clean(self) -> dict[str, Any]:
        """Refuse half an interval, one that runs backwards, and an hour that the clocks skipped."""
        given = super().clean() or {}
        first, last = given.get("first"), given.get("last")
        if bool(first) != bool(last):
            if not {"first", "last"} & self.errors.keys():
                self.add_error("last" if first else "first", "Give both days, or neither.")
        elif first and last:
            self._interval(given, ZoneInfo(given.get("zone") or self.guide.carrier.zone.tz.key))
        return given

    def _interval(self, given: dict[str, Any], zone: ZoneInfo) -> None:
        start = self._instant("first_at", given["first"], given.get("first_at") or time(), zone)
        clock = given.get("last_at")
        day = given["last"] if clock else given["last"] + timedelta(days=1)
        end = self._instant("last_at", day, clock or time(), zone)
        if start is None or end is None:
            return
        if end <= start:
            self.add_error("last", "The interval ends before it begins.")
        else:
            self.period = Period(start, end)

    def _instant(self, name: str, day: date, clock: time, zone: ZoneInfo) -> datetime | None:
        at = datetime.combine(day, clock, zone)
        back = Period(at, at).start.astimezone(zone)
        if clock != time() and back.replace(tzinfo=None) != at.replace(tzinfo=None):
            self.add_error(name, "The clocks skipped this hour on that day.")
            return None
        return at

    def submission(self, papers: Sequence[Brought] = ()) -> Submission:
        """Return what was filled in, as the operation takes it."""
        given = self.cleaned_data
        lines, products = _lines(given.get("numbers", "")), given.get("products") or [""]
        targets = [
            Target(numbers.read(line), self.period, product, words=line)
            for line in lines
            for product in products
        ]
        said = Said(
            process=given.get("process", ""), number=given["number"], issuer=given["issuer"],
            issued_on=given.get("issued_on"), signed=_yes(given["signed"]), signed_by=given["signed_by"],
            entity=given["entity"], return_on=given.get("return_on"), gag=_yes(given["gag"]),
            gag_until=given.get("gag_until"), words=given["text"],
        )  # fmt: skip
        return Submission(said, tuple(targets), tuple(papers), Contact(phone=given["phone"]))


def _yes(said: str) -> bool | None:
    return {"yes": True, "no": False}.get(said)


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]
