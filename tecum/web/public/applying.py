"""The application as a page, for carriers whose guide allows it (A17): the address is proved, the form typed, one file sent."""

from datetime import date
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from tecum.documents.drivers.pdf import NoPrinter
from tecum.documents.forms.application import application
from tecum.documents.forms.fields import Field, Form
from tecum.guide.model.guide import Guide
from tecum.kernel.refusals import Refused
from tecum.policy import queries as policy
from tecum.vetting import operations as vetting
from tecum.vetting.adapters import PLACES, Upload
from tecum.web import acts
from tecum.web.acts import Page
from tecum.web.forms import Day
from tecum.web.gates import EVERYBODY, opens
from tecum.web.public import page as public
from tecum.web.public.status import Code, same_origin, too_fast
from tecum.web.refusals import remember
from tecum.web.requests import Asked

AUTOCOMPLETE = {
    "applicant_name": "name",
    "applicant_title": "organization-title",
    "applicant_phone": "tel",
    "agency_name": "organization",
    "agency_address": "street-address",
}


class Address(forms.Form):
    """The address that somebody applies with."""

    address = forms.EmailField(
        label="Your agency e-mail address",
        help_text="Your own, not a shared one. We send a code to it: nobody applies for somebody else.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        max_length=254,
    )


class Application(forms.Form):
    """The guide's form as fields of a page; the address is proved already and not asked again."""

    def __init__(self, *args: Any, made_from: Form, today: date, **more: Any) -> None:
        super().__init__(*args, **more)
        self.sections: list[tuple[str, list[str]]] = []
        for section in made_from.sections:
            names = [
                each.name
                for each in section.fields
                if each.name != "applicant_email" and each.kind != "fixed"
            ]
            self.sections.append((section.title, names))
            for field in section.fields:
                if field.name in names:
                    self.fields[field.name] = _field(field, today)
        self.fields["credentials"] = forms.FileField(
            label="Credentials",
            help_text="An image or scan of your ID, badge or business card: one picture or PDF, at most 15 MB.",
        )
        self.sections.append(("Credentials", ["credentials"]))

    def parts(self) -> list[tuple[str, list[Any]]]:
        """Return the sections with their fields, for the page."""
        return [(title, [self[name] for name in names]) for title, names in self.sections]

    def typed(self) -> dict[str, str]:
        """Return what was typed, as the form's own names and values."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "credentials"}
        return {name: _said(value) for name, value in said.items()}


@opens(read=EVERYBODY, write=EVERYBODY)
@never_cache
def begin(request: Asked) -> HttpResponse:
    """Ask for the address that a code goes to."""
    guide = _open_door(request)
    if (stopped := too_fast(request, "code_asked")) is not None:
        return stopped

    def do(given: dict[str, Any]) -> str:
        asked = vetting.ask_to_apply(address=given["address"], by=request.actor, now=request.now)
        return reverse("public:apply_code", args=[asked])

    page = Page(
        title="Apply for access",
        lead=f"Please read {guide.lookup.name}'s start page first. You need your agency's address, your supervisor's, and an image or scan of your credentials.",
        button="Send me a code",
        back=reverse("public:start"),
        keep="Leave without applying",
    )
    return same_origin(acts.run(request, form=Address(request.POST or None), page=page, do=do))


@opens(read=EVERYBODY, write=EVERYBODY)
@never_cache
def code(request: Asked, asked: str) -> HttpResponse:
    """Take the code that proves the address."""
    _open_door(request)
    if (stopped := too_fast(request, "code_tried")) is not None:
        return stopped

    def do(given: dict[str, Any]) -> str:
        vetting.prove(code=asked, typed=given["code"], by=request.actor, now=request.now)
        return reverse("public:apply_form", args=[asked])

    page = Page(
        title="Enter the code",
        lead="A code is on its way to your address. That can take a minute; look in the junk folder too.",
        button="Go on to the form",
        back=reverse("public:apply"),
        keep="Ask for a new code",
    )
    return same_origin(acts.run(request, form=Code(request.POST or None), page=page, do=do))


@opens(read=EVERYBODY, write=EVERYBODY)
@never_cache
def form(request: Asked, asked: str) -> HttpResponse:
    """Show the form, or send the application in."""
    guide = _open_door(request)
    address = vetting.proved_address(code=asked, now=request.now)
    today = request.now.astimezone(guide.carrier.zone.tz).date()
    made_from = application(guide, subdivisions=PLACES)
    posted = request.method == "POST"
    filled = Application(
        request.POST if posted else None, request.FILES if posted else None, made_from=made_from, today=today
    )
    if posted and filled.is_valid():
        sent = filled.cleaned_data["credentials"]
        try:
            reference = vetting.apply_on_page(
                code=asked, values=filled.typed(), credentials=Upload(sent.name, sent.read()), by=request.actor, now=request.now
            )  # fmt: skip
        except NoPrinter:
            return render(request, "public/no_file.html", {"page": public.serving(guide)}, status=503)
        except Refused as refusal:
            remember(request, type(refusal).__name__)
            filled.add_error(None, str(refusal))
        else:
            done = {"title": "Application sent", "reference": reference, "address": address}
            done |= {"window": str(guide.lookup.vetting.window)}
            return same_origin(render(request, "public/applied.html", done))
    context = {"title": "Application for access", "form": filled, "address": address, "guide": made_from}
    return same_origin(render(request, "public/apply.html", context, status=422 if filled.errors else 200))


def _open_door(request: Asked) -> Guide:
    guide = policy.at(request.now)
    vetting.door_must_be_open(guide)
    return guide


def _field(field: Field, today: date) -> forms.Field:
    if field.kind == "tick":
        return forms.BooleanField(
            label=field.label,
            required=field.required,
            error_messages={"required": "Without this declaration nobody can apply."},
        )
    if field.kind == "choice":
        return forms.ChoiceField(
            label=field.label, required=field.required, choices=[("", "Choose"), *field.choices]
        )
    if field.kind == "date":
        return forms.DateField(label=field.label, required=field.required, widget=Day, initial=today)
    hint = "We tell this person that you applied." if field.name == "supervisor_email" else field.hint
    hint = "" if hint == "Optional" else hint  # the page says that itself
    known = AUTOCOMPLETE.get(field.name)
    attrs = {"autocomplete": known} if known else {}
    if field.name.endswith("_email"):
        return forms.EmailField(label=field.label, required=field.required, help_text=hint, max_length=254)
    return forms.CharField(
        label=field.label,
        required=field.required,
        help_text=hint,
        max_length=field.longest,
        widget=forms.TextInput(attrs=attrs),
    )


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    return value.isoformat() if isinstance(value, date) else str(value)
