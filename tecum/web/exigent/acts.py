"""What is done to one emergency besides deciding: its paper, its refusal, what it turns out to be, what follows it."""

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse

from tecum.cases import queries as files
from tecum.cases.states import CaseKind
from tecum.exigent import operations as exigent
from tecum.exigent import queries
from tecum.exigent.rules.following import TITLES
from tecum.kernel import numbers
from tecum.kernel.refusals import NotYours
from tecum.process import queries as process
from tecum.web.acts import Nothing, Reason, Row, calls, posted, run
from tecum.web.exigent.frame import at_request, back_to, page, pathway
from tecum.web.gates import opens
from tecum.web.requests import Asked


class Written(forms.Form):
    """Which paper is the written request."""

    document = forms.ChoiceField(label="The paper", widget=forms.RadioSelect)
    signed = forms.BooleanField(
        label="I looked at it: it is signed, and where it certifies, by the official it names", required=False
    )


@opens(read="emergency.work", write="emergency.work")
def written(request: Asked, case: str) -> HttpResponse:
    """Find a paper to be the written request (R-096)."""
    found = at_request(request, case)
    papers = files.documents(case=case, by=request.actor, now=request.now)
    form = Written(posted(request))
    form.fields["document"].choices = [(each.id, each.name) for each in papers]  # type: ignore[attr-defined]
    lead = "" if papers else "No paper is here yet: add the scan or the PDF first."
    said = page(found, "The written request is in", "This is the written request", lead=lead)
    do = calls(request, exigent.find_written, case=case)
    return run(request, form=form, page=said, do=do, done="The written request is in.")


class Refuse(forms.Form):
    """Why nothing is done."""

    why = forms.ChoiceField(label="Why", choices=list(exigent.WHYS.items()))
    said = forms.CharField(
        label="Whom you told, and how", required=False, max_length=600, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Nothing is sent by this: tell whoever asked on the telephone, at a number that you trust.",
    )  # fmt: skip


@opens(read="emergency.work", write="emergency.work")
def refuse(request: Asked, case: str) -> HttpResponse:
    """Do not act on it."""
    found = at_request(request, case)
    said = page(
        found,
        "Do nothing about it",
        "Do nothing about it",
        lead="One person is enough. It can be taken up again.",
    )
    do = calls(request, exigent.refuse, case=case)
    return run(
        request, form=Refuse(posted(request)), page=said, do=do, done="Closed; nothing is done about it."
    )


@opens(read="emergency.work", write="emergency.work")
def again(request: Asked, case: str) -> HttpResponse:
    """Take it up again."""
    found = at_request(request, case)
    said = page(
        found,
        "Take it up again",
        "Take it up again",
        lead="It is verified anew: earlier calls count no more.",
    )
    do = calls(request, exigent.look_again, case=case)
    return run(request, form=Nothing(posted(request)), page=said, do=do, done="It is open again.")


class Ordinary(forms.Form):
    """What it is instead."""

    kind = forms.ChoiceField(
        label="What it is", widget=forms.RadioSelect,
        choices=[(CaseKind.DEMAND.value, "A legal demand"), (CaseKind.ORDER.value, "A court order")],
    )  # fmt: skip


@opens(read="emergency.work", write="emergency.work")
def ordinary(request: Asked, case: str) -> HttpResponse:
    """Hand it over to where it belongs: it is no emergency."""
    found = at_request(request, case)

    def do(given: dict[str, Any]) -> str:
        exigent.is_ordinary(case=case, kind=CaseKind(given["kind"]), by=request.actor, now=request.now)
        return reverse("exigent:board")

    lead = "It keeps the time at which it arrived. Whoever asked was told its number already."
    said = page(found, "It is no emergency", "Hand it over", lead=lead)
    return run(request, form=Ordinary(posted(request)), page=said, do=do, done="It is handed over.")


class Repeats(forms.Form):
    """Which one it repeats."""

    of = forms.ChoiceField(label="The same as", widget=forms.RadioSelect)


@opens(read="emergency.work", write="emergency.work")
def repeats(request: Asked, case: str) -> HttpResponse:
    """Find that it repeats another."""
    found = at_request(request, case)
    alike = process.find_duplicates(received=found.received, by=request.actor, now=request.now)
    form = Repeats(posted(request))
    form.fields["of"].choices = [(each.case, f"{each.reference}, by {each.channel}") for each in alike]  # type: ignore[attr-defined]

    def do(given: dict[str, Any]) -> str:
        return back_to(exigent.repeats(case=case, of=given["of"], by=request.actor, now=request.now))

    lead = (
        "The older arrival stays and is worked on; nothing is lost of either."
        if alike
        else "Nothing else is like it."
    )
    said = page(found, "It repeats another", "It is the same", lead=lead)
    return run(request, form=form, page=said, do=do, done="They are one.")


class Came(forms.Form):
    """That something came, and how it is known."""

    words_ = forms.CharField(
        label="How it is known", max_length=300, help_text="Who said so, or which paper shows it."
    )
    hours = forms.IntegerField(label="Hours since then", initial=0, min_value=0, max_value=2000)


@opens(read="emergency.work", write="emergency.work")
def follows(request: Asked, case: str, follow_up: str) -> HttpResponse:
    """Write down that what must follow came, or why it need not."""
    found = at_request(request, case)
    one = next((each for each in found.follow_ups if each.id == follow_up), None)
    if one is None:
        raise NotYours
    waives = request.GET.get("waive") == "1"

    def do(given: dict[str, Any]) -> str:
        by, now = request.actor, request.now
        if waives:
            exigent.waive(case=case, follow_up=follow_up, why=given["reason"], by=by, now=now)
        else:
            at, words = now - timedelta(hours=given["hours"]), given["words_"]
            exigent.note(case=case, follow_up=follow_up, evidence="", at=at, words_=words, by=by, now=now)
        return back_to(case)

    rows = (Row(TITLES.get(one.what, one.what), one.words),)
    title = "It need not follow" if waives else "It came"
    said = page(found, title, "Write it down", rows=rows)
    form = Reason(posted(request)) if waives else Came(posted(request))
    return run(request, form=form, page=said, do=do, done="Written down.")


class Located(forms.Form):
    """One location."""

    number = forms.ChoiceField(label="Number")
    found = forms.CharField(
        label="What came of it",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Place, time, accuracy; or that there was none.",
    )


@opens(read="emergency.decide", write="emergency.decide")
def located(request: Asked, case: str, decision: str) -> HttpResponse:
    """Write down one location and that it was told at the number that was called back."""
    view = at_request(request, case)
    made = next((each for each in view.decided if each.id == decision), None)
    if made is None or view.call is None:
        raise NotYours
    told = view.call
    form = Located(posted(request))
    choices = [(each, numbers.grouped(each)) for each in made.content.get("targets", ())]
    form.fields["number"].choices = choices  # type: ignore[attr-defined]
    rows = (
        Row(
            "Tell it here and nowhere else", f"{numbers.grouped(told.heard.number)}: {told.heard.spoke_with}"
        ),
    )
    said = page(view, "Write a location down", "It was located and told", rows=rows)
    do = calls(request, exigent.locate, decision=decision, told=told.id)
    return run(request, form=form, page=said, do=do, done="Written down; it is a fact of the case.")


class Counsel(forms.Form):
    """Counsel's word."""

    goes_on = forms.TypedChoiceField(
        label="What it comes to", widget=forms.RadioSelect, coerce=lambda value: value == "yes",
        choices=[("yes", "It goes on to the call back and the decision"), ("no", "It stops here")],
    )  # fmt: skip
    said = forms.CharField(label="Why", max_length=600, widget=forms.Textarea(attrs={"rows": 3}))


@opens(read="emergency.counsel", write="emergency.counsel")
def counsel(request: Asked, case: str) -> HttpResponse:
    """Decide on a ground that waits for counsel."""
    found = at_request(request, case)
    way = pathway(request, found)
    grounds = [each for each in (way.grounds if way else ()) if each.id in found.said.grounds]
    rows = (
        Row(
            "What waits",
            points=[f"{each.label}: waits for {each.stops_for}" for each in grounds if each.stops_for],
        ),
        Row("Who asks", ", ".join(filter(None, (found.said.name, found.said.title, found.said.agency)))),
        Row("What happened", found.said.circumstances or "It does not say."),
        Row("The law", way.citation if way else ""),
    )
    said = page(found, "Counsel's decision", "Write the decision down", rows=rows)
    do = calls(request, exigent.counsel_decides, case=case)
    return run(request, form=Counsel(posted(request)), page=said, do=do, done="Written down.")


class Forged(forms.Form):
    """How it is known."""

    why = forms.CharField(
        label="How it is known",
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What the agency said when it was called back.",
    )
    sender_is_theirs = forms.BooleanField(
        label="It came from the agency's own mailbox, which somebody stole", required=False,
    )  # fmt: skip
    like = forms.MultipleChoiceField(label="Like these", required=False, widget=forms.CheckboxSelectMultiple)


@opens(read="emergency.mark", write="emergency.mark")
def forged(request: Asked, case: str) -> HttpResponse:
    """Mark it as forged."""
    found = at_request(request, case)
    named = {
        each for one in queries.warnings(case=case, by=request.actor, now=request.now) for each in one.cases
    }
    known = [
        (each, files.case(case=each, by=request.actor, now=request.now).reference) for each in sorted(named)
    ]
    form = Forged(posted(request))
    form.fields["like"].choices = known  # type: ignore[attr-defined]
    if not known:
        del form.fields["like"]
    lead = (
        "Its sender, its numbers and its words warn of the next. What runs because of it is told to stop at once, and nothing of "
        "it leaves any more. Tell the agency on the telephone: its mailbox may be stolen."
    )
    said = page(found, "Mark it as forged", "Mark it as forged", lead=lead, grave=True)
    do = calls(request, exigent.mark_forged, case=case)
    return run(request, form=form, page=said, do=do, done="Marked; it warns of the next.")
