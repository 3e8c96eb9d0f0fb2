"""The forms of the response desk."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from tecum.cases.facts import Asked
from tecum.guide.model.guide import Guide
from tecum.kernel import numbers
from tecum.kernel.business import midnight
from tecum.kernel.periods import Period
from tecum.process.facts import Said
from tecum.process.queries import PaperText
from tecum.process.rules.reading import Suggestion

DAY = forms.DateInput(attrs={"type": "date"})
YES_NO = [("", "Nobody looked yet"), ("yes", "Yes"), ("no", "No")]


class Despite(forms.Form):
    """Why a process is accepted although not all is met."""

    despite = forms.CharField(
        label="Why it is accepted all the same", required=False, max_length=400, help_text="Needed only where something is not met. It is kept."
    )  # fmt: skip


class Deficient(forms.Form):
    """Which findings the letter names, and further words."""

    findings = forms.MultipleChoiceField(
        label="The letter names", required=False, widget=forms.CheckboxSelectMultiple
    )
    note = forms.CharField(
        label="Further words of the letter",
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    to = forms.CharField(
        label="Another address", required=False, max_length=254,
        help_text="Left empty, it goes where is said above. Else a mail address, fax:2925550147, or post: printed from the case and sent by hand.",
    )  # fmt: skip

    def __init__(self, *args: Any, findings: Sequence[str], **more: Any) -> None:
        super().__init__(*args, **more)
        options = [(str(place), text) for place, text in enumerate(findings)]
        if not options:
            self.fields["findings"].widget = forms.MultipleHiddenInput()
            self.fields["note"].help_text = "The checklist finds nothing missing: say what is."
        self.fields["findings"].choices = options  # type: ignore[attr-defined]
        self.fields["findings"].initial = [place for place, _ in options]


class Objection(forms.Form):
    """An objection, and what would help."""

    reasons = forms.CharField(
        label="Why it cannot be answered as it is", max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    proposal = forms.CharField(
        label="What would help", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class Withdrawal(forms.Form):
    """How the agency said so, and which targets it means."""

    how = forms.ChoiceField(
        label="The agency said so by",
        choices=[
            ("telephone", "telephone, called back"),
            ("mail", "a proven message"),
            ("letter", "a signed letter"),
        ],
    )
    said_by = forms.CharField(
        label="Who said so",
        required=False,
        max_length=254,
        help_text="Their mail address or telephone number. Where the agency has named its contacts, only theirs counts.",
    )
    targets = forms.MultipleChoiceField(
        label="Only these targets", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="Choose none, and the whole demand is withdrawn.",
    )  # fmt: skip

    def __init__(self, *args: Any, targets: Sequence[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["targets"].choices = list(targets)  # type: ignore[attr-defined]


class Choose(forms.Form):
    """Whose records are meant."""

    holders = forms.MultipleChoiceField(
        label="These records are meant", required=False, widget=forms.CheckboxSelectMultiple
    )
    withheld = forms.BooleanField(label="Leave this target out", required=False)
    reason = forms.CharField(
        label="Why", max_length=400, help_text="It stands in the coverage statement and in the timeline."
    )

    def __init__(self, *args: Any, holders: Sequence[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["holders"].choices = list(holders)  # type: ignore[attr-defined]


class Gag(forms.Form):
    """What the process says about silence."""

    gag = forms.BooleanField(label="The process forbids to tell", required=False)
    starts = forms.DateField(label="From", widget=DAY)
    until = forms.DateField(
        label="Until (the first day on which it no longer holds)",
        required=False,
        widget=DAY,
        help_text="Empty: it names no end.",
    )
    cited = forms.BooleanField(label="It names its law", required=False)


class Join(forms.Form):
    """Which process is repeated."""

    to = forms.ChoiceField(label="It repeats", widget=forms.RadioSelect)

    def __init__(self, *args: Any, options: Sequence[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["to"].choices = list(options)  # type: ignore[attr-defined]


class Confirm(forms.Form):
    """What a process says, and the targets it names; what the machine read stands in the fields."""

    process = forms.ChoiceField(label="Kind of process")
    number = forms.CharField(label="Its number", required=False, max_length=80)
    issuer = forms.CharField(label="Issued by", required=False, max_length=200)
    entity = forms.CharField(label="Addressed to (the company it names)", required=False, max_length=200)
    issued_on = forms.DateField(label="Dated", required=False, widget=DAY)
    signed = forms.ChoiceField(label="Is it signed?", required=False, choices=YES_NO)
    signed_by = forms.CharField(
        label="Signed as", required=False, max_length=80, help_text="Judge, prosecutor, clerk …"
    )
    signer = forms.CharField(label="Name of who signed", required=False, max_length=120)
    return_on = forms.DateField(label="Return date", required=False, widget=DAY)
    country = forms.CharField(label="Country", required=False, max_length=2)
    region = forms.CharField(label="State or province", required=False, max_length=40)
    gag = forms.ChoiceField(label="Does it forbid to tell?", required=False, choices=YES_NO)
    certified = forms.ChoiceField(label="Does it ask for a certificate?", required=False, choices=YES_NO)
    product = forms.ChoiceField(label="What it asks for", required=False)
    numbers = forms.CharField(
        label="Numbers not there yet, one on a line", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    since = forms.DateField(label="From", required=False, widget=DAY)
    through = forms.DateField(label="Through (this day included)", required=False, widget=DAY)
    clause = forms.CharField(
        label="The words that ask for it",
        required=False,
        max_length=110,
        help_text="For example: Attachment A, item 2",
    )

    def __init__(
        self, *args: Any, guide: Guide, said: Said, suggestions: Sequence[Suggestion], **more: Any
    ) -> None:
        super().__init__(*args, **{"initial": _initial(said, suggestions, guide), **more})
        kinds = [(each.id, each.name) for each in guide.process_types]
        products = [(each.id, each.name) for each in guide.products]
        self.fields["process"].choices = kinds  # type: ignore[attr-defined]
        self.fields["product"].choices = [("", "–"), *products]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse a target without its product and interval, and a number that is none, by its line (R-110)."""
        given = super().clean() or {}
        lines = [line for line in given.get("numbers", "").splitlines() if line.strip()]
        for place, line in enumerate(lines, 1):
            try:
                numbers.read(line)
            except numbers.NotANumber as wrong:
                self.add_error("numbers", f"Line {place}: {wrong}")
        if lines and not given.get("product"):
            self.add_error("product", "Say what is asked for these numbers.")
        if given.get("since") and given.get("through") and given["through"] < given["since"]:
            self.add_error("through", "The interval ends before it begins.")
        return given

    def said(self, papers: Sequence[PaperText]) -> Said:
        """Return what the process says."""
        given = self.cleaned_data
        body = "\n".join(text for paper in papers if paper.role != "message" for _, text in paper.lines)
        return Said(
            process=given["process"], number=given["number"], issuer=given["issuer"], issued_on=given["issued_on"],
            signed=_yes(given["signed"]), signed_by=given["signed_by"], signer=given["signer"], entity=given["entity"],
            return_on=given["return_on"], country=given["country"].upper(), region=given["region"].upper(),
            gag=_yes(given["gag"]), certified=_yes(given["certified"]), words=body[:100_000],
        )  # fmt: skip

    def targets(self, zone: ZoneInfo) -> list[Asked]:
        """Return the targets that were added."""
        given = self.cleaned_data
        period = days(given["since"], given["through"], zone) if given["since"] and given["through"] else None
        lines = [line for line in given["numbers"].splitlines() if line.strip()]
        return [Asked(line, period, given["product"], words=given["clause"]) for line in lines]


def days(first: date, last: date, zone: ZoneInfo) -> Period:
    """Return the period of two local days, the last one included: “through 15 August” includes that day."""
    return Period(midnight(zone.key, first), midnight(zone.key, last + timedelta(days=1)))


def _yes(said: str) -> bool | None:
    return {"yes": True, "no": False}.get(said)


def _word(said: bool | None) -> str:
    return {True: "yes", False: "no"}.get(said, "") if said is not None else ""


def _initial(said: Said, suggestions: Sequence[Suggestion], guide: Guide) -> dict[str, Any]:
    """Return what a person confirmed already, else what the machine read."""
    read: dict[str, list[str]] = {}
    for each in suggestions:
        read.setdefault(each.field, []).append(each.value)

    def first(field: str) -> str:
        return read.get(field, [""])[0]

    since, _, through = first("period").partition("/")
    own = next((each.name for each in guide.entities if each.kind == "self"), "")
    return {
        "process": said.process, "number": said.number or first("number"), "issuer": said.issuer or first("issuer"),
        "entity": said.entity or (own if said.process else ""), "issued_on": said.issued_on or first("issued_on"), "signed": _word(said.signed),
        "signed_by": said.signed_by or first("signed_by"), "signer": said.signer, "return_on": said.return_on or first("return_on"),
        "country": said.country or guide.carrier.country, "region": said.region, "certified": _word(said.certified),
        "gag": _word(said.gag) or ("yes" if "gag" in read else ""), "since": since, "through": through,
        "numbers": "" if said.process else "\n".join(numbers.grouped(each) for each in read.get("target", [])),
    }  # fmt: skip
