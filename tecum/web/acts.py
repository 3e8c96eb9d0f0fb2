"""
One act, one page: a form or a decision that repeats exactly what will happen; the operation refuses with a sentence.

`run` is what such a page does: show the form; on POST call the operation once; a refusal of the operation stands above
the form with nothing lost; otherwise lead on. What is not theirs, or wants a fresh second factor, is the middleware's.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from tecum.access.rules import StepUpNeeded
from tecum.kernel.refusals import NotYours, Refused
from tecum.web.refusals import remember
from tecum.web.requests import Asked
from tecum.web.templatetags.frame import Crumb


@dataclass(frozen=True)
class Row:
    """One labelled row of a decision: its question, and what is so, as text, a list or facts; `link` is words and address."""

    label: str
    text: str = ""
    points: Sequence[str] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    verbatim: str = ""
    link: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class Page:
    """What stands around the form. `title` names the kind of act, never a person or a number; `heading` may."""

    title: str
    button: str
    back: str
    heading: str = ""
    lead: str = ""
    rows: Sequence[Row] = ()
    crumbs: Sequence[Crumb] = ()
    grave: bool = False
    keep: str = "Leave without doing it"
    upload: bool = False

    @property
    def template(self) -> str:
        """A page with rows is a decision, one without is a form."""
        return "shapes/decision.html" if self.rows else "shapes/form.html"


@dataclass(frozen=True)
class Act:
    """One thing that can be done now: its page, its words, and whether it is the one to do next."""

    words: str
    address: str
    first: bool = False


class Nothing(forms.Form):
    """An act that asks for nothing but the button."""


class Reason(forms.Form):
    """An act that asks why."""

    reason = forms.CharField(label="Why", help_text="It is kept.", max_length=300)


def grouped(digest: str) -> str:
    """Return a hash in groups of eight, as two people compare it."""
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))


def posted(request: Asked) -> QueryDict | None:
    """Return what was sent with a POST, empty or not; None for a page that is only read."""
    return request.POST if request.method == "POST" else None


Do = Callable[[dict[str, Any]], "str | HttpResponse | None"]


def on_case(
    title: str,
    button: str,
    *,
    reference: str,
    back: str,
    among: Crumb,
    rows: Sequence[Row] = (),
    lead: str = "",
    grave: bool = False,
) -> Page:
    """Return what stands around the form of an act on a case, which is one `among` others on a list."""
    crumbs = (among, Crumb(reference, back, mono=True), Crumb(title))
    return Page(title, button, back, f"{title}: {reference}", lead, rows, crumbs, grave)


class Listed(Protocol):
    """One of a list: what its page is found by, and what it is called."""

    @property
    def id(self) -> str:
        """Return what its address carries."""

    @property
    def reference(self) -> str:
        """Return what people call it."""


def pages(among: str, every: str, one: str) -> Callable[..., Page]:
    """
    Return what makes the page of an act on one of a list, from it, a title and a button, and whatever `on_case` takes.

    `among` are the words for the list; `every` and `one` the names of the addresses of the list and of one of it.
    """

    def page(of: Listed, title: str, button: str, **more: Any) -> Page:
        back = reverse(one, args=[of.id])
        return on_case(
            title, button, reference=of.reference, back=back, among=Crumb(among, reverse(every)), **more
        )

    return page


def calls(request: Asked, verb: Callable[..., object], **about: object) -> Do:
    """Return what calls one verb with the values of the form under their own names, and leads back."""

    def do(given: dict[str, Any]) -> None:
        verb(**about, **given, by=request.actor, now=request.now)

    return do


def at_once(
    request: Asked, verb: Callable[..., object], *, done: str, back: str, **about: object
) -> HttpResponse:
    """Do an act that is one button and has no page of its own; what is refused is told on the page it leads back to."""
    try:
        verb(**about, by=request.actor, now=request.now)
    except (NotYours, StepUpNeeded):
        raise
    except Refused as refusal:
        remember(request, type(refusal).__name__)
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect(back)


def run(request: Asked, *, form: forms.Form, page: Page, do: Do, done: str = "") -> HttpResponse:
    """
    Show the page, or do its act once.

    `do` gets the cleaned values; it returns an address to lead on to, an answer of its own, or nothing: then it leads back.
    """
    if request.method == "POST" and form.is_valid():
        try:
            onward = do(form.cleaned_data)
        except (NotYours, StepUpNeeded):
            raise
        except Refused as refusal:
            remember(request, type(refusal).__name__)
            form.add_error(None, str(refusal))
        else:
            if isinstance(onward, HttpResponse):
                return onward
            if done:
                messages.success(request, done)
            return redirect(onward or page.back)
    context = {"form": form, "page": page, "title": page.title, "crumbs": page.crumbs}
    return render(request, page.template, context, status=422 if form.errors else 200)
