"""What an auditor asks the trail, and why a bundle leaves the house."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from tecum.audit.catalogue import EVENTS, Kind
from tecum.audit.rules import REASONS, Question, is_reference
from tecum.web.forms import Day

RECEIPT = re.compile(r"[0-9A-Fa-f]{4}(?:[- ]?[0-9A-Fa-f]{4}){1,15}")
KINDS = [
    ("", "Any kind"),
    ("change", "change"),
    ("access", "access"),
    ("refusal", "refusal"),
    ("clock", "clock"),
]
REFUSALS = tuple(name for name in EVENTS if name.endswith((".refused", ".failed")))
NOT_FOUND_BY = (
    "Nobody has this name, and no reference reads like this. Entries hold references, never telephone numbers or"
    " addresses."
)
FOR = {
    "audit": "An audit",
    "court": "A court or a prosecutor",
    "regulator": "A regulator",
    "agency_question": "A question of an agency",
    "customer_question": "A question of a customer",
    "incident": "An incident",
    "own_copy": "A copy kept apart by us",
}


class TrailForm(forms.Form):
    """Which entries to show. The address is the question, so it can be kept and sent."""

    q = forms.CharField(
        label="Reference, person or receipt",
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"type": "search", "size": 28}),
    )
    kind = forms.ChoiceField(label="Kind", required=False, choices=KINDS)
    on = forms.DateField(label="Day", required=False, widget=Day)

    def question(self, people: dict[str, str], zone: ZoneInfo, before: int | None) -> Question:
        """
        Return the question, given the people that the words name (ref → name).

        :raises ValueError: where the words can name nothing in the trail
        """
        given = self.cleaned_data
        words = given["q"].strip()
        asked: dict[str, Any] = {"before": before, **_of_kind(given["kind"]), **_on(given["on"], zone)}
        if not words:
            return Question(**asked)
        if words in EVENTS:
            return Question(**{**asked, "events": (words,)})
        if RECEIPT.fullmatch(words):
            return Question(receipt=words, **asked)
        about = (*people, *(ref.removeprefix("person:") for ref in people))
        if is_reference(words):
            about = (words, *about)
        if not about:
            raise ValueError(NOT_FOUND_BY)
        return Question(about=about, **asked)


class BundleForm(forms.Form):
    """What a bundle is for; the word stands in the trail."""

    reason = forms.ChoiceField(
        label="What is it for?",
        choices=[(reason, FOR[reason]) for reason in REASONS],
        widget=forms.RadioSelect,
        error_messages={"required": "Say what the bundle is for: the word stands in the trail."},
    )


def _of_kind(kind: str) -> dict[str, Any]:
    if kind == "clock":
        return {"processes": True}
    if kind == "refusal":
        return {"events": REFUSALS}
    return {"kind": Kind(kind)} if kind else {}


def _on(day: date | None, zone: ZoneInfo) -> dict[str, Any]:
    """Return the bounds of a day in a zone; a day is not always 24 hours long."""
    if day is None:
        return {}
    first, after = (
        datetime.combine(each, time(), zone).astimezone(UTC) for each in (day, day + timedelta(days=1))
    )
    return {"since": first, "until": after}
