"""Handing an emergency over to a partner (R-163): whose each target is, who was called there, and what follows."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpResponse

from tecum.exigent import operations as exigent
from tecum.exigent.queries import RequestView
from tecum.exigent.rules import belonging
from tecum.exigent.rules.belonging import OURS, Whose
from tecum.exigent.rules.reading import is_surveillance
from tecum.guide.model.guide import Guide
from tecum.kernel import numbers
from tecum.policy import queries as policy
from tecum.web.acts import Row, posted, run
from tecum.web.exigent.frame import at_request, back_to, page
from tecum.web.gates import opens
from tecum.web.requests import Asked


class PassOn(forms.Form):
    """Who took it over, and whose the targets are that the subscriber source names no market of."""

    entity = forms.ChoiceField(label="Partner")
    spoke_with = forms.CharField(label="Who took it over there, by name", max_length=120)
    number = forms.CharField(label="Number you called", max_length=30)
    minutes = forms.IntegerField(label="Minutes since the call", initial=0, min_value=0, max_value=240)

    def __init__(self, data: Any, *, judged: Sequence[Whose], guide: Guide) -> None:
        super().__init__(data)
        partners = [(each.id, each.name) for each in belonging.partners(guide)]
        self.fields["entity"].choices = partners  # type: ignore[attr-defined]
        self.asked = {f"whose_{at}": each.number for at, each in enumerate(judged) if not each.entity}
        for name, number in self.asked.items():
            label = f"Whose market {numbers.grouped(number)} is in"
            choices = [("", "Choose"), (OURS, guide.carrier.name), *partners]
            self.fields[name] = forms.ChoiceField(label=label, choices=choices)


@opens(read="emergency.work", write="emergency.work")
def pass_on(request: Asked, case: str) -> HttpResponse:
    """Hand what belongs to a partner over to it on the telephone (R-163)."""
    found, guide = at_request(request, case), policy.at(request.now)
    judged = exigent.look_whose(case=case, by=request.actor, now=request.now)
    form = PassOn(posted(request), judged=judged, guide=guide)
    phones = [f"{each.name}: {each.phone}" for each in guide.desks if each.entity and each.phone]

    def do(given: dict[str, Any]) -> str:
        called = max(found.received_at, request.now - timedelta(minutes=given.pop("minutes")))
        whose = {number: given.pop(name) for name, number in form.asked.items()}
        exigent.pass_on(case=case, called_at=called, whose=whose, by=request.actor, now=request.now, **given)
        return back_to(case)

    rows = (
        Row("Call", "" if phones else "The guide gives no number.", phones),
        Row(
            "Whose each target is",
            "" if judged else "It names no target: all of it goes.",
            _whose(judged, guide),
        ),
        Row("What follows", points=_follows(found, guide)),
    )
    said = page(found, "Hand it over to a partner", "It was taken over", rows=rows)
    return run(request, form=form, page=said, do=do, done="Handed over.")


def _whose(judged: Sequence[Whose], guide: Guide) -> list[str]:
    """Return, for each target, whose it is by the market that the subscriber source names."""
    names = {OURS: guide.carrier.name, **{each.id: each.name for each in belonging.partners(guide)}}
    return [
        f"{numbers.grouped(each.number)}: {names[each.entity]} (market {each.market})"
        if each.entity
        else f"{numbers.grouped(each.number)}: nobody can tell by the subscriber source; say it below"
        for each in judged
    ]


def _follows(found: RequestView, guide: Guide) -> list[str]:
    """Return what follows a hand-over, by the guide's copy rule."""
    said = ["Until somebody there took it over by name, the ladder runs."]
    way = next((each for each in guide.emergencies if each.id == found.path), None)
    every = belonging.partners(guide)
    copies = [each.name for each in every if belonging.copies(guide, each, found.said.types)]
    if way and is_surveillance(way) and copies:
        return [
            *said,
            f"The switch work for {', '.join(copies)} stays ours: it goes on here, with a call back and two people.",
        ]
    return [
        *said,
        "What is the partner's is the partner's alone from then on.",
        "Targets of our own stay here, and the ladder climbs on about them.",
    ]
