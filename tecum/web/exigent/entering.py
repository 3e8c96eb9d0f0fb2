"""Typing a request in during a call, from a fax or a letter; correcting what it says; adding its papers."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from tecum.exigent import operations as exigent
from tecum.exigent.rules import reading
from tecum.exigent.rules.facts import REQUESTERS, Said
from tecum.guide.model.guide import Guide
from tecum.policy import queries as policy
from tecum.web import acts
from tecum.web.acts import Page, posted
from tecum.web.exigent.frame import at_request, back_to, page
from tecum.web.gates import opens
from tecum.web.requests import Asked
from tecum.web.response.entering import SCAN, AddPaper, Files, Papers, as_brought
from tecum.web.templatetags.frame import Crumb

TYPES = (
    ("pen_register", "Pen register"),
    ("trap_and_trace", "Trap and trace"),
    ("title_iii", "Interception (Title III)"),
)
SERVICES = (("interconnect", "Interconnect"), ("dispatch", "Dispatch"))


class Request(forms.Form):
    """What a request says."""

    pathway = forms.ChoiceField(label="What is asked for", widget=forms.RadioSelect)
    requester = forms.ChoiceField(
        label="Who asks", choices=list(REQUESTERS.items()), widget=forms.RadioSelect
    )
    targets = forms.CharField(
        label="Target numbers, one on a line",
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    grounds = forms.MultipleChoiceField(
        label="The emergency involves", required=False, widget=forms.CheckboxSelectMultiple
    )
    circumstances = forms.CharField(
        label="What happened", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
    name = forms.CharField(label="Name", required=False, max_length=120)
    title = forms.CharField(label="Title", required=False, max_length=120)
    agency = forms.CharField(label="Agency", required=False, max_length=200)
    phone = forms.CharField(
        label="Telephone number given",
        required=False,
        max_length=40,
        help_text="It is never called for the verification.",
    )
    email = forms.EmailField(label="E-mail", required=False, max_length=254)
    designation = forms.CharField(label="Specially designated by", required=False, max_length=200)
    types = forms.MultipleChoiceField(
        label="Types of surveillance", required=False, choices=TYPES, widget=forms.CheckboxSelectMultiple
    )
    services = forms.MultipleChoiceField(
        label="Services", required=False, choices=SERVICES, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, guide: Guide, **more: Any) -> None:
        super().__init__(*args, **more)
        grounds = {each.id: each.label for one in guide.emergencies for each in one.grounds}
        self.fields["pathway"].choices = [(each.id, each.name) for each in guide.emergencies]  # type: ignore[attr-defined]
        self.fields["grounds"].choices = list(grounds.items())  # type: ignore[attr-defined]

    def said(self, before: Said | None = None) -> Said:
        """Return what was typed, over what stood there before."""
        given = self.cleaned_data
        targets, unread = reading.read_numbers([given["targets"]])
        words = {
            name: " ".join(given[name].split())
            for name in ("name", "title", "agency", "designation", "email", "requester")
        }
        typed = {
            **words, "circumstances": given["circumstances"].strip(), "targets": targets, "unread": unread,
            "grounds": tuple(given["grounds"]), "types": tuple(given["types"]), "services": tuple(given["services"]),
            "phone": reading.phone(given["phone"]),
        }  # fmt: skip
        return Said.read({**(before.as_dict() if before else {}), **typed})

    def clean_targets(self) -> str:
        """Refuse a line that is no number."""
        _, wrong = reading.read_numbers([self.cleaned_data["targets"]])
        if wrong:
            raise forms.ValidationError(f"No telephone number: {', '.join(wrong[:3])}.")
        return str(self.cleaned_data["targets"])


class Enter(Request):
    """What somebody says on the telephone, or what stands on a fax."""

    channel = forms.ChoiceField(label="How it came", choices=list(exigent.BY_HAND.items()))
    minutes = forms.IntegerField(
        label="Minutes since it came",
        initial=0,
        min_value=0,
        max_value=10_000,
        help_text="0: it comes in now.",
    )
    papers = Papers(label="Scan", required=False, widget=Files(), help_text=SCAN)
    field_order = ("channel", "minutes", "pathway", "requester", "targets", "grounds", "circumstances")


@opens(read="emergency.work", write="emergency.work")
def enter(request: Asked) -> HttpResponse:
    """Type a request in."""
    guide = policy.at(request.now)
    files = request.FILES if request.method == "POST" else None
    first = {"pathway": guide.emergencies[0].id if guide.emergencies else "", "requester": "lea"}
    form = Enter(posted(request), files, guide=guide, initial=first)

    def do(given: dict[str, Any]) -> str:
        made = exigent.enter(
            said=form.said(), channel=given["channel"], pathway=given["pathway"],
            received_at=request.now - timedelta(minutes=given["minutes"]), brought=as_brought(given["papers"]), by=request.actor,
            now=request.now,
        )  # fmt: skip
        for told in made.told:
            messages.warning(request, told)
        return back_to(made.taken.case)

    around = Page(
        title="Type a request in", button="Open the emergency", back=reverse("exigent:board"), upload=True,
        crumbs=(Crumb("Emergencies", reverse("exigent:board")), Crumb("Type a request in")),
        lead="What is said on the telephone opens the emergency; nothing starts before the written request is in (R-096).",
    )  # fmt: skip
    return acts.run(request, form=form, page=around, do=do, done="The emergency is open.")


@opens(read="emergency.work", write="emergency.work")
def correct(request: Asked, case: str) -> HttpResponse:
    """Correct what a request says, as a person read it."""
    found = at_request(request, case)
    said = found.said
    first = {**said.as_dict(), "targets": "\n".join(said.targets), "pathway": found.path}
    form = Request(posted(request), guide=policy.at(request.now), initial=first)

    def do(given: dict[str, Any]) -> str:
        exigent.correct(
            case=case, said=form.said(said), pathway=given["pathway"], by=request.actor, now=request.now
        )
        return back_to(case)

    lead = "Where who asks, for what, or on which ground changes, an earlier call back verifies it no more."
    around = page(found, "Write down what it says", "Write it down", lead=lead)
    return acts.run(request, form=form, page=around, do=do, done="Written down.")


@opens(read="emergency.work", write="emergency.work")
def add_paper(request: Asked, case: str) -> HttpResponse:
    """Add papers to a request."""
    found = at_request(request, case)
    form = AddPaper(posted(request), request.FILES if request.method == "POST" else None)

    def do(given: dict[str, Any]) -> str:
        brought = as_brought(given["papers"])
        for told in exigent.add_papers(case=case, brought=brought, by=request.actor, now=request.now):
            messages.warning(request, told)
        return reverse("exigent:written", args=[case])

    said = page(found, "Add a paper", "Add it")
    around = Page(said.title, said.button, said.back, said.heading, crumbs=said.crumbs, upload=True)
    return acts.run(request, form=form, page=around, do=do, done="Kept with the emergency.")
