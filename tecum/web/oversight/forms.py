"""What a reader narrows the lists by. A number never travels in an address: it is posted."""

from typing import Any

from django import forms

from tecum.kernel import numbers


class DisclosureFilter(forms.Form):
    """Disclosures of one customer, or to one person; both are opaque ids."""

    customer = forms.CharField(label="Customer id", required=False, max_length=40)
    person = forms.CharField(label="Person id", required=False, max_length=80)


class NumberForm(forms.Form):
    """One number, as somebody types it."""

    number = forms.CharField(
        label="Number",
        max_length=40,
        error_messages={"required": "Enter a number."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "mono", "inputmode": "tel"}),
    )

    def clean_number(self) -> str:
        """Return its ten digits, or the reason why it is none."""
        try:
            return numbers.read(self.cleaned_data["number"])
        except numbers.NotANumber as fault:
            raise forms.ValidationError(fault.reason) from fault


class HistoryForm(NumberForm):
    """One number, and the case for which its past is looked at (A17)."""

    case = forms.CharField(
        label="Case",
        help_text="The matter of ours for which you look. It is recorded.",
        max_length=80,
        error_messages={"required": "Name the case: a number's past is looked at for a case only."},
    )
    field_order = ("case", "number")

    def __init__(self, *args: Any, **more: Any) -> None:
        more.setdefault("auto_id", "history_%s")
        super().__init__(*args, **more)


class AssistForm(forms.Form):
    """A look-up by staff: the case, what it is for, the numbers, and that it is not for a caller (A17, R-038)."""

    case = forms.CharField(
        label="Case",
        help_text="The matter of ours for which you look. It is recorded.",
        max_length=80,
        error_messages={"required": "Name the case: staff look numbers up for a case only."},
    )
    purpose = forms.CharField(
        label="Purpose",
        help_text="In a few words: to check the scope of a demand, to find whom to ask.",
        max_length=300,
        error_messages={"required": "Say what it is for."},
    )
    numbers = forms.CharField(
        max_length=60_000,
        error_messages={"required": "Enter at least one number."},
        widget=forms.Textarea(
            attrs={"rows": 5, "class": "mono", "spellcheck": "false", "autocomplete": "off"}
        ),
    )
    confirmed = forms.BooleanField(
        label="Nobody outside is told why a number has no result: this is not for a caller about one.",
        error_messages={"required": "Confirm it, or do not look."},
    )

    def __init__(self, *args: Any, batch: int, **more: Any) -> None:
        more.setdefault("auto_id", "assist_%s")
        super().__init__(*args, **more)
        self.fields["numbers"].label = f"Up to {batch} numbers, one on each line"
