"""
Asking in an emergency, without an account, from a telephone (R-082, R-092, R-094): two pathways, made from the guide's form.

Anybody may ask and nobody is believed: whoever is on call calls back at a number of the carrier's own directory.
"""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from tecum.documents.forms import carriers
from tecum.documents.forms.fields import Field, Form
from tecum.exigent import operations as exigent
from tecum.exigent.operations.receiving import MOST_TARGETS
from tecum.exigent.rules import reading
from tecum.exigent.rules.facts import REQUESTERS, Said
from tecum.guide.model.emergency import Emergency
from tecum.guide.model.guide import Guide, NotInGuide
from tecum.guide.model.words import Words
from tecum.kernel.refusals import NotYours, Refused
from tecum.policy import queries as policy
from tecum.web.gates import EVERYBODY, opens
from tecum.web.public.status import same_origin, too_fast
from tecum.web.refusals import remember
from tecum.web.requests import Asked
from tecum.web.response.entering import Files, Papers, as_brought

FORM = "exigent"
# Of the guide's form a disclosure wants only this: the rest is for those who certify.
FOR_DISCLOSURE = (
    "from_name",
    "from_title",
    "from_agency",
    "from_phone",
    "grounds",
    "assistance",
    "targets",
    "interval",
    "recipient",
)
AUTOCOMPLETE = {
    "from_name": "name",
    "from_title": "organization-title",
    "from_agency": "organization",
    "from_phone": "tel",
}
LONGEST = 4_000


class Emergencies(forms.Form):
    """The guide's own form as fields of a page."""

    def __init__(
        self,
        *args: Any,
        made_from: Form,
        certifies: bool,
        requesters: tuple[str, ...],
        words: Words,
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self.words = words
        self.sections: list[tuple[str, str, list[str]]] = []
        self.signed: dict[str, list[str]] = {}
        if len(requesters) > 1:
            self.fields["requester"] = forms.ChoiceField(
                label="You are",
                widget=forms.RadioSelect,
                choices=[(each, REQUESTERS.get(each, each)) for each in requesters],
            )
            self.sections.append(("Who asks", "", ["requester"]))
        for section in made_from.sections:
            names = [name for field in section.fields for name in self._take(field, certifies=certifies)]
            text = section.text if certifies else ""
            if names or text:
                self.sections.append((section.title, text, names))
        self.fields["circumstances"] = forms.CharField(
            label="What happened, and why it cannot wait", required=not certifies, max_length=LONGEST,
            widget=forms.Textarea(attrs={"rows": 4}),
        )  # fmt: skip
        self.fields["email"] = forms.EmailField(
            label="Your agency e-mail address", required=False, max_length=254,
            widget=forms.EmailInput(attrs={"autocomplete": "email"}), help_text="It is proof of nothing; the answer may go there.",
        )  # fmt: skip
        self.fields["papers"] = Papers(
            label="The signed form, a letterhead or a cover sheet", required=False, widget=Files(),
            help_text="A PDF or a photograph. You can also fax it." + (" Nothing starts before it is here." if certifies else ""),
        )  # fmt: skip
        self.sections.append(("What happened", "", ["circumstances", "email", "papers"]))

    def _take(self, field: Field, *, certifies: bool) -> list[str]:
        """Make the fields of one field of the form, and return their names."""
        if not certifies and field.name not in FOR_DISCLOSURE:
            return []
        if field.kind in {"fixed", "apart"}:
            return []
        if field.kind == "signature":
            names = [f"{field.name}_{place}" for place, _ in enumerate(field.parts)]
            self.signed[field.name] = names
            for name, part in zip(names, field.parts, strict=True):
                self.fields[name] = forms.CharField(
                    label=f"{part} of who signs{' second' if field.name.endswith('2') else ''}",
                    required=field.required,
                    max_length=200,
                )
            return names
        self.fields[field.name] = _made(field, self.words, certifies=certifies)
        return [field.name]

    def parts(self) -> list[tuple[str, str, list[Any]]]:
        """Return the sections with their fields, for the page."""
        return [(title, text, [self[name] for name in names]) for title, text, names in self.sections]

    def clean_targets(self) -> str:
        """Refuse what is no telephone number, by its words."""
        good, wrong = reading.read_numbers([self.cleaned_data["targets"]])
        if wrong:
            raise forms.ValidationError(
                f"This is no telephone number: {', '.join(wrong[:3])}. Write ten digits."
            )
        if len(good) > MOST_TARGETS:
            raise forms.ValidationError(f"At most {MOST_TARGETS} numbers in one emergency.")
        return str(self.cleaned_data["targets"])

    def said(self, guide: Guide) -> Said:
        """Return what was asked."""
        given: Mapping[str, Any] = self.cleaned_data
        values = {
            name: tuple(value) if isinstance(value, list) else (str(value),)
            for name, value in given.items()
            if value and name not in {"papers", "circumstances", "email", "requester"}
        }
        for name, parts in self.signed.items():
            values[name] = tuple(str(given[part]) for part in parts if given.get(part))
        return reading.of_form(
            values,
            guide,
            requester=given.get("requester", ""),
            circumstances=given["circumstances"],
            email=given["email"],
        )


@opens(read=EVERYBODY, write=EVERYBODY)
@never_cache
def start(request: Asked) -> HttpResponse:
    """Say what to do in an emergency, and lead to the form."""
    guide = policy.at(request.now)
    if not guide.emergencies:
        raise NotYours
    desks = {each.id: each for each in guide.desks}
    desk = desks.get(guide.emergencies[0].desk)
    ladder = next((each for each in guide.ladders if desk and each.id == desk.ladder), None)
    context = {
        "title": "In an emergency", "ways": guide.emergencies, "desk": desk, "ladder": ladder,
        "surveils": {each.id for each in guide.emergencies if reading.is_surveillance(each)},
    }  # fmt: skip
    return same_origin(render(request, "public/emergency.html", context))


@opens(read=EVERYBODY, write=EVERYBODY)
@never_cache
def ask(request: Asked, pathway: str) -> HttpResponse:
    """Show the form of a pathway, or take it in."""
    guide = policy.at(request.now)
    way = next((each for each in guide.emergencies if each.id == pathway), None)
    made_from = _form(guide, request) if way else None
    if way is None or made_from is None:
        raise NotYours
    if request.method == "POST" and (stopped := too_fast(request, "emergency")) is not None:
        return stopped
    form = Emergencies(
        request.POST if request.method == "POST" else None, request.FILES if request.method == "POST" else None,
        made_from=made_from, certifies=bool(way.certifiers), requesters=way.requesters, words=guide.mail.words,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        done = _take(request, form, way, guide)
        if done is not None:
            return same_origin(done)
    context = {
        "title": way.name,
        "form": form,
        "way": way,
        "certifies": bool(way.certifiers),
        "start": reverse("public:emergency"),
    }
    return same_origin(
        render(request, "public/emergency_form.html", context, status=422 if form.errors else 200)
    )


def _take(request: Asked, form: Emergencies, way: Emergency, guide: Guide) -> HttpResponse | None:
    try:
        made = exigent.ask_with_papers(
            said=form.said(guide), pathway=way.id, brought=as_brought(form.cleaned_data["papers"]), by=request.actor,
            now=request.now,
        )  # fmt: skip
    except Refused as refusal:
        remember(request, type(refusal).__name__)
        form.add_error(None, str(refusal))
        return None
    desks = {each.id: each for each in guide.desks}
    context = {
        "title": "Your request is in", "reference": made.taken.reference, "told": made.told, "desk": desks.get(way.desk), "way": way,
        "certifies": bool(way.certifiers),
    }  # fmt: skip
    return render(request, "public/emergency_in.html", context)


def _form(guide: Guide, request: Asked) -> Form | None:
    on = request.now.astimezone(guide.carrier.zone.tz).date()
    found = next((each for each in guide.on(guide.forms, on) if each.id == FORM), None)
    try:
        return carriers.carrier_form(guide, found) if found else None
    except NotInGuide:
        return None


def _made(field: Field, words: Words, *, certifies: bool) -> forms.Field:
    """Return one field of the guide's form as a field of the page; a disclosure offers nothing that surveils."""
    if field.kind in {"one", "ticks"}:
        many = field.kind == "ticks"
        kind = forms.MultipleChoiceField if many else forms.ChoiceField
        widget = forms.CheckboxSelectMultiple if many else forms.RadioSelect
        choices = [
            each
            for each in field.choices
            if certifies or field.name != "assistance" or not reading.types([each[1]], words)
        ]
        return kind(label=field.label, required=field.required, choices=choices, widget=widget)
    if field.kind == "block":
        return forms.CharField(
            label=f"{field.label}, one on a line", required=field.required, max_length=600,
            widget=forms.Textarea(attrs={"rows": 2, "inputmode": "tel"}),
        )  # fmt: skip
    attrs = {"autocomplete": AUTOCOMPLETE[field.name]} if field.name in AUTOCOMPLETE else {}
    hint = "We never call it to find out who you are." if field.name == "from_phone" else field.hint
    return forms.CharField(
        label=field.label,
        required=field.required,
        help_text=hint,
        max_length=400,
        widget=forms.TextInput(attrs=attrs),
    )
