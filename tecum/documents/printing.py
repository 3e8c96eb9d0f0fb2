"""What can be printed: the carrier's forms, from the guide in force."""

from collections.abc import Mapping
from datetime import date

from tecum.documents.drivers import pdf
from tecum.documents.drivers.markdown import to_html
from tecum.documents.forms import carriers, page
from tecum.documents.forms.application import application
from tecum.documents.forms.fields import Form
from tecum.guide.model import reporting
from tecum.guide.model.guide import Guide, NotInGuide
from tecum.kernel.refusals import Refused

NOT_PRINTED = {"schedule", "application"}  # they have pages of their own


class NotThisForm(Refused):
    """The form cannot be filled in like this; the sentence says what is missing or unknown."""


def application_form(guide: Guide, *, subdivisions: Mapping[str, Mapping[str, str]]) -> bytes:
    """
    Return the application for portal access as a fillable PDF (R-052, R-054).

    :raises NoPrinter: where this machine lacks the libraries that print
    """
    return fillable(application(guide, subdivisions=subdivisions))


def fillable(form: Form) -> bytes:
    """Return a form as a PDF whose fields can be filled in, in the order in which they are read."""
    printed = pdf.render(page.html(form, fonts=pdf.faces(), prose=to_html), forms=True)
    required = {
        name for field in form.fields if field.required and field.kind != "ticks" for name in field.names
    }
    fixed = {field.name for field in form.fields if field.kind == "fixed"}
    groups = {field.name: field.label for field in form.fields if field.kind == "one"}
    return pdf.with_rules(printed, required=required, fixed=fixed, title=form.title, groups=groups)


def printable(guide: Guide, on: date) -> tuple[reporting.Form, ...]:
    """Return the forms of the guide that are printed one by one."""
    return tuple(form for form in guide.on(guide.forms, on) if form.kind not in NOT_PRINTED and form.fields)


def find(guide: Guide, form_id: str, on: date) -> reporting.Form:
    """Return a form by its stable id. :raises NotInGuide: when the guide prints none of that id"""
    for form in printable(guide, on):
        if form.id == form_id:
            return form
    raise NotInGuide(f"The guide '{guide.guide.name}' prints no form '{form_id}'.")


def blank(guide: Guide, form_id: str, *, on: date) -> bytes:
    """
    Return a form of the guide as a PDF to type into or to write on.

    :raises NotInGuide: when the guide prints none of that id
    :raises NoPrinter: where this machine lacks the libraries that print
    """
    return fillable(carriers.carrier_form(guide, find(guide, form_id, on)))


def typed(guide: Guide, form_id: str, *, on: date, values: carriers.Values) -> bytes:
    """
    Return a form of the guide as if somebody had typed these values into its fields: it reads back like one that did.

    :raises NotInGuide: when the guide prints none of that id
    :raises NoPrinter: where this machine lacks the libraries that print
    """
    form = carriers.carrier_form(guide, find(guide, form_id, on))
    return pdf.with_values(fillable(form), carriers.typed(form, values))


def filled(
    guide: Guide, form_id: str, *, on: date, values: carriers.Values, said: Mapping[str, str] | None = None
) -> bytes:
    """
    Return a form of the guide with our values printed on it; a secret is never printed. `said` fills in its texts.

    :raises NotInGuide: when the guide prints none of that id
    :raises NotThisForm: for a value without a field, a secret, or a variable of its texts that is not given
    :raises NoPrinter: where this machine lacks the libraries that print
    """
    form = find(guide, form_id, on)
    said = said or {}
    apart = {field.id for field in form.fields if field.kind == "secret"}
    unknown = [name for name in values if name not in {field.id for field in form.fields} - apart]
    if unknown:
        raise NotThisForm(f"The form '{form_id}' does not print: {', '.join(sorted(unknown))}.")
    lacking = [name for name in carriers.variables(guide, form) if name not in said]
    if lacking:
        raise NotThisForm(f"The texts of the form '{form_id}' need: {', '.join(lacking)}.")
    made = carriers.carrier_form(guide, form, said)
    return pdf.render(page.html(made, fonts=pdf.faces(), prose=to_html, filled=values))
