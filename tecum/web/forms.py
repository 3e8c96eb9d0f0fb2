"""Forms in full USWDS markup, with every aria attribute, from Django's own renderer: no component library."""

from functools import cached_property
from pathlib import Path
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates
from django.forms.widgets import Input, Widget
from django.template.backends.django import DjangoTemplates as Engine

CLASSES: tuple[tuple[type[Widget], str], ...] = (
    (forms.CheckboxSelectMultiple, "usa-checkbox__input"),
    (forms.RadioSelect, "usa-radio__input"),
    (forms.CheckboxInput, "usa-checkbox__input"),
    (forms.ClearableFileInput, "usa-file-input"),
    (forms.Textarea, "usa-textarea"),
    (forms.Select, "usa-select"),
    (Input, "usa-input"),
)
TEMPLATES = Path(__file__).parent / "templates"


class Field(BoundField):
    """A field with its USWDS class; what it says, hints and complains of is tied to it by id."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: Widget | None = None) -> dict[str, Any]:
        """Add the classes to Django's own attributes (aria-describedby, aria-invalid, required)."""
        widget = widget or self.field.widget
        built = super().build_widget_attrs(attrs, widget)
        base = next((name for kind, name in CLASSES if isinstance(widget, kind)), "")
        names = [base, f"{base}--error" if base and self.errors else "", attrs.get("class", "")]
        names.append(widget.attrs.get("class", ""))
        built["class"] = " ".join(name for name in names if name)
        if isinstance(widget, forms.ClearableFileInput):
            # The drop area that the design system draws says "Drag file here" in place of the field's own label.
            built["aria-labelledby"] = f"{self.id_for_label}_label"
        return {name: value for name, value in built.items() if value != ""}

    @property
    def kind(self) -> str:
        """Which markup this field has: `box` (one checkbox), `group` (choices in a fieldset) or `line`."""
        if isinstance(self.field.widget, forms.CheckboxInput):
            return "box"
        return "group" if self.use_fieldset else "line"


class Renderer(DjangoTemplates):
    """Finds the templates of forms and widgets in ours first, then in Django's."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
    bound_field_class = Field

    @cached_property
    def engine(self) -> Engine:
        """The template engine, with our folder before Django's."""
        own = super().engine
        return Engine({"NAME": "tecumforms", "DIRS": [TEMPLATES, *own.dirs], "APP_DIRS": True, "OPTIONS": {}})


class Day(forms.DateInput):
    """A calendar day, entered with the browser's own picker; the value travels as 2022-04-01."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")
