"""The request form of the carrier's guide (form D, R-188 to R-193) as fields of a page: its labels, its choices, its marks."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from tecum.guide.model.reporting import Form, FormField
from tecum.kernel import numbers
from tecum.surveillance.operations.orders import FormGiven
from tecum.surveillance.rules.request_form import CHECK_ONE
from tecum.web.forms import Day
from tecum.web.portal.submission_form import UPLOAD
from tecum.web.response.entering import Files, Papers

LONGEST = 200
HINTS = {
    "target_number": "One target on a form. Hand in another form for another target.",
    "imei_imsi": "Asked for, not required. Of both, write which is which: IMEI …, IMSI ….",
    "dial_up_number": "Where the interception is delivered to. Needed for every Title III.",
    "activation_date": "The day on which it is to begin.",
    "expiration_date": "As your order has it. The carrier calculates the end from the order itself and tells you.",
    "billing": "Name and address of who is billed.",
}
ASKED = {"request_type": CHECK_ONE}  # which the form says to check, and paper leaves to a person
BEFORE = "Your agency"  # the heading of the fields that stand before the first heading of the printed form


class RequestForm(forms.Form):
    """
    The form as the guide prints it, and the order beside it.

    Nothing is demanded here but what the guide requires (D2) and what no machine could read otherwise: everything that is
    missing besides is for the checklist of the order.
    """

    def __init__(self, *args: Any, made_from: Form, **more: Any) -> None:
        super().__init__(*args, **more)
        self.made_from = made_from
        for field in made_from.fields:
            self.fields[field.id] = _made(field)
        self.fields["papers"] = Papers(
            label="The order itself, and what goes with it", required=False, widget=Files(), help_text=UPLOAD
        )

    def parts(self) -> list[tuple[str, list[Any]]]:
        """Return the fields by section, for the page."""
        found: dict[str, list[Any]] = {}
        for field in self.made_from.fields:
            found.setdefault(_section(field), []).append(self[field.id])
        return [*found.items(), ("The order", [self["papers"]])]

    def clean(self) -> dict[str, Any]:
        """Refuse what is no number."""
        given = super().clean() or {}
        for field in self.made_from.fields:
            if field.kind in {"number", "phone"} and given.get(field.id):
                try:
                    numbers.read(given[field.id])
                except numbers.NotANumber as wrong:
                    self.add_error(field.id, str(wrong))
        return given

    def given(self, papers: Any = ()) -> FormGiven:
        """Return what was filled in, by the fields of the guide's form."""
        values = {field.id: _lines(self.cleaned_data.get(field.id)) for field in self.made_from.fields}
        return FormGiven({name: lines for name, lines in values.items() if lines}, tuple(papers))


def several(made_from: Form) -> frozenset[str]:
    """Return the fields of which several may be chosen."""
    return frozenset(field.id for field in made_from.fields if field.kind == "choices")


def known(made_from: Form, contact: Mapping[str, str]) -> dict[str, str]:
    """Return what the carrier knows of the officer, as the form begins."""
    return {field.id: contact[field.id] for field in made_from.fields if contact.get(field.id)}


def _section(field: FormField) -> str:
    if field.section:
        return field.section
    if field.kind == "lines":
        return field.label
    return BEFORE if field.id in {"agency_name", "agency_contact", "contact_phone", "fax"} else "The request"


def _made(field: FormField) -> forms.Field:
    more: dict[str, Any] = {
        "label": field.label, "required": field.required or field.id in ASKED, "help_text": HINTS.get(field.id, field.hint),
        "error_messages": {"required": ASKED.get(field.id, "It is missing; the form requires it.")},
    }  # fmt: skip
    choices = [(each, each) for each in field.choices]
    if field.kind == "choices":
        return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **more)
    if field.kind == "choice":
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **more)
    if field.kind == "date":
        return forms.DateField(widget=Day, **more)
    if field.kind == "lines":
        rows = {"rows": field.most or 3}
        return forms.CharField(max_length=LONGEST * 2, widget=forms.Textarea(attrs=rows), **more)
    attrs = {"inputmode": "tel", "autocomplete": "off"} if field.kind in {"number", "phone"} else {}
    return forms.CharField(max_length=LONGEST, widget=forms.TextInput(attrs=attrs), **more)


def _lines(value: Any) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple(value)
    if isinstance(value, date):
        return (value.isoformat(),)
    return tuple(line.strip() for line in str(value or "").splitlines() if line.strip())
