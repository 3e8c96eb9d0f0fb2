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
