"""What can be printed: the carrier's forms, from the guide in force."""

from collections.abc import Mapping

from tecum.documents.drivers import pdf
from tecum.documents.forms import page
from tecum.documents.forms.application import application
from tecum.documents.forms.fields import Form
from tecum.guide.model.guide import Guide


def application_form(guide: Guide, *, subdivisions: Mapping[str, Mapping[str, str]]) -> bytes:
    """
    Return the application for portal access as a fillable PDF (R-052, R-054).

    :raises NoPrinter: where this machine lacks the libraries that print
    """
    return fillable(application(guide, subdivisions=subdivisions))


def fillable(form: Form) -> bytes:
    """Return a form as a PDF whose fields can be filled in, in the order in which they are read."""
    printed = pdf.render(page.html(form, fonts=pdf.faces()), forms=True)
    required = {field.name for field in form.fields if field.required}
    fixed = {field.name for field in form.fields if field.kind == "fixed"}
    return pdf.with_rules(printed, required=required, fixed=fixed, title=form.title)
