"""What an officer fills in: why and which numbers; and, beside the answers, the time of interest."""

from datetime import date
from typing import Any

from django import forms

from tecum.lookup.rules import Interval
from tecum.web.forms import Day

LONGEST_PASTE = 60_000  # characters: beyond it nobody pasted a list of numbers
ATTEST = (
    "I attest that these numbers were developed in this investigation and that I would otherwise issue or serve a"
    " Legal Demand for each of them."
)
NAMELESS = "Enter the number under which your agency files this investigation."


class IntervalForm(forms.Form):
    """The days that the investigation is about; both or none. It changes nothing in the answer (A3)."""

    first = forms.DateField(label="First day", required=False, widget=Day)
    last = forms.DateField(label="Last day, included", required=False, widget=Day)

    def __init__(self, *args: Any, today: date, **more: Any) -> None:
        super().__init__(*args, **more)
        self.today = today

    def clean(self) -> dict[str, Any]:
        """Refuse half an interval, one that runs backwards, and days that have not come."""
        data: dict[str, Any] = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        if (first is None) != (last is None) and not self.errors:
            self.add_error("last" if last is None else "first", "Give both days, or neither.")
        elif first and last and last < first:
            self.add_error("last", "The last day lies before the first.")
        elif last and last > self.today:
            self.add_error("last", "This day has not come yet: nothing can be said about it.")
        return data

    @property
    def interval(self) -> Interval | None:
        """The interval that was given; None where there is none, or none that makes sense."""
        if not self.is_valid():
            return None
        first, last = self.cleaned_data.get("first"), self.cleaned_data.get("last")
        return Interval(first, last) if first and last else None


class LookupForm(forms.Form):
    """
    A submission: the purpose prompt (R-007), the lines, and the mark that makes a double click one submission.

    It has no date field: an answer holds for the day it is asked (R-025, A1).
    """

    case = forms.CharField(
        label="Agency case number",
        help_text="The number your agency files this investigation under. It is kept with every answer.",
        max_length=80,
        error_messages={"required": NAMELESS},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    attest = forms.BooleanField(
        label=ATTEST, error_messages={"required": "Confirm the attestation, or do not ask."}
    )
    numbers = forms.CharField(
        max_length=LONGEST_PASTE,
        error_messages={
            "required": "Enter at least one number.",
            "max_length": "This is longer than any list of numbers. Paste only the column of numbers.",
        },
        widget=forms.Textarea(
            attrs={"rows": 9, "class": "mono", "spellcheck": "false", "autocomplete": "off"}
        ),
    )
    submission = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, batch: int, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["numbers"].label = f"Paste up to {batch} numbers, one on each line"
        self.fields["numbers"].help_text = (
            'Any common spelling: <span class="mono nowrap">(292) 555-0142</span>, <span class="mono nowrap">292.555.0142</span>,'
            ' <span class="mono nowrap">+1 292 555 0142</span>. United States and Canadian numbers only.'
        )


class HistoryForm(forms.Form):
    """Find an earlier look-up."""

    q = forms.CharField(
        label="Reference or case number",
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"type": "search", "size": 28}),
    )
