"""One emergency on one page: what is asked, what warns, the call back, what is missing, what comes next; and afterwards."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from tecum.access.rules import may
from tecum.accounts import queries as people
from tecum.agencies import queries as agencies
from tecum.cases import queries as files
from tecum.exigent import queries
from tecum.exigent.queries import DecisionView, RequestView
from tecum.exigent.rules.compiling import DISCLOSE, LOCATE, locates, offered
from tecum.exigent.rules.following import TITLES
from tecum.exigent.rules.lacking import Lack
from tecum.exigent.rules.reading import is_surveillance
from tecum.exigent.rules.warning import Warning
from tecum.exigent.states import WAITING, FollowUpState, RequestState
from tecum.guide.model.emergency import Emergency
from tecum.kernel import numbers, words
from tecum.kernel.actors import Actor
from tecum.policy import queries as policy
from tecum.process import queries as process
from tecum.surveillance import queries as surveillance
from tecum.web import past
from tecum.web.acts import Act
from tecum.web.exigent import calling
from tecum.web.exigent.deciding import ACTS, content
from tecum.web.exigent.frame import at_request, pathway
from tecum.web.gates import opens
from tecum.web.requests import Asked
from tecum.web.response.papers import sheet
from tecum.web.templatetags.frame import Crumb

S = RequestState


@dataclass(frozen=True)
class At:
    """Makes the acts of one case."""

    case: str

    def __call__(self, name: str, says: str, *more: str, first: bool = False) -> Act:
        """Return an act by the name of its page."""
        return Act(says, reverse(f"exigent:{name}", args=[self.case, *more]), first)


@dataclass(frozen=True)
class Task:
    """One thing on the way to a decision, and how it stands."""

    words: str
    done: bool
    says: str = ""


@opens(read="emergency.read")
def request_page(request: Asked, case: str) -> HttpResponse:
    """Show one emergency with everything that it is decided by."""
    by, now = request.actor, request.now
    found = at_request(request, case)
    shown = past.show(request, case)
    way, guide = pathway(request, found), policy.at(now)
    lacks = queries.lacking(case=case, by=by, now=now) if way else ()
    papers = process.papers(received=found.received, by=by, now=now)
    home = (
        agencies.agency(id=found.case.agency, by=by, now=now)
        if found.case.agency and may(by, "agency.read")
        else None
    )
    works = may(by, "emergency.work")
    refs = {
        found.case.owner, found.entered_by, *(e.called_by for e in found.calls), *(e.found_by for e in found.sources),
        *(e.proposed_by for e in found.decisions), *(e.decided_by for e in found.decisions), *(e.settled_by for e in found.follow_ups),
    }  # fmt: skip
    open_now = found.state in WAITING
    warned = queries.warnings(case=case, by=by, now=now) if found.ended_at is None or found.denial else ()
    context = {
        "title": found.case.reference,
        "heading": f"{way.name if way else 'Emergency'}{f', {home.name}' if home else ''}",
        "crumbs": [Crumb("Emergencies", reverse("exigent:board")), Crumb(found.case.reference, mono=True)],
        "found": found, "way": way, "home": home, "file": shown.file, "acts_words": ACTS, "titles": TITLES,
        "grounds": [each.label for each in (way.grounds if way else ()) if each.id in found.said.grounds],
        "targets": [numbers.grouped(each) for each in found.said.targets],
        "denial": found.denial if found.decided and found.state is S.APPROVED else None,
        "warnings": warned, "references": _references(request, warned),
        "lacks": lacks,
        "tasks": _tasks(found, way, lacks),
        "call_form": calling.form_of(request, found) if works and open_now and found.call is None else None,
        "ladder": queries.ladder(case=case, by=by, now=now),
        "score": queries.score_of(agency=found.case.agency, by=by, now=now),
        "decisions": [(each, content(each, request)) for each in found.decisions if each.state in {"PROPOSED", "DONE"}],
        "taps": surveillance.of_case(case=case, by=by, now=now) if found.authority and may(by, "surveillance.read") else (),
        "papers": papers,
        "sheet": sheet(papers, request.GET.get("paper", ""), request.GET.get("page", "")) if papers else None,
        "repeats": process.find_duplicates(received=found.received, by=by, now=now) if open_now else (),
        "acts": _acts(found, way, lacks, request) if works else _of_counsel(lacks, case, by),
        "kept_here": found.state is not S.ELSEWHERE and bool(found.said.targets)
        and not set(found.passed_said.get("targets", ())) & set(found.said.targets),
        "partner": next((each.name for each in guide.entities if each.id == found.passed_to), ""),
        "names": people.names(refs - {""}), "me": by.ref, "guide": guide,
        **past.past(request, shown),
    }  # fmt: skip
    return render(request, "exigent/request.html", context)


def _of_counsel(lacks: tuple[Lack, ...], case: str, by: Actor) -> list[Act]:
    """Return what counsel can do: decide on a ground that waits for them."""
    waits = may(by, "emergency.counsel") and any(each.code == "counsel" for each in lacks)
    return [At(case)("counsel", "Decide whether it goes on", first=True)] if waits else []


def _references(request: Asked, warned: tuple[Warning, ...]) -> dict[str, str]:
    """Return the references of the cases that the warnings name."""
    named = {each for one in warned for each in one.cases}
    return {each: files.case(case=each, by=request.actor, now=request.now).reference for each in named}


def _tasks(found: RequestView, way: Emergency | None, lacks: tuple[Lack, ...]) -> list[Task]:
    """Return the way to a decision, and how far it is."""
    missing = [each for each in lacks if each.code != "not_written"]
    written = "signed certificate" if way and is_surveillance(way) else "request in writing"
    call = found.call
    return [
        Task("The agency is known", bool(found.case.agency)),
        Task("It says what it must", not missing, " ".join(each.sentence for each in missing)),
        Task("The agency was called back", call is not None, call.heard.spoke_with if call else ""),
        Task(f"The {written} is in", found.written_at is not None),
        Task("One person proposed", bool(found.proposal or found.decided)),
        Task("Another approved", bool(found.decided)),
    ]


def _acts(found: RequestView, way: Emergency | None, lacks: tuple[Lack, ...], request: Asked) -> list[Act]:
    """Return what can be done now, the next thing first."""
    case, by = found.case.id, request.actor

    at = At(case)

    acts: list[Act] = []
    decides = may(by, "emergency.decide")
    hard = [each for each in lacks if each.hard]
    if found.state in WAITING:
        acts += _before(found, at, hard)
    if decides and way and found.state in {S.VERIFIED, S.APPROVED} and found.call is not None and not hard:
        acts += _proposals(found, way, request, at)
    if found.proposal and decides:
        mine = found.proposal.proposed_by == by.ref
        words = (
            "Waits for another person: look at it" if mine else "Look at what was proposed, and approve it"
        )
        acts.append(at("approve", words, found.proposal.id, first=not mine))
    acts += _running(found, request, at)
    if found.state in {S.REFUSED, S.ELSEWHERE, S.REPEATED, S.FORGED}:
        acts.append(at("again", "Take it up again"))
    if may(by, "emergency.mark") and found.state is not S.FORGED and found.state is not S.ORDINARY:
        acts.append(at("forged", "Mark it as forged"))
    acts.append(at("afterwards", "Who was called when, minute by minute"))
    return sorted(acts, key=lambda each: not each.first)


def _before(found: RequestView, at: At, hard: list[Lack]) -> list[Act]:
    """Return what can be done while it waits."""
    acts = [
        at(
            "correct",
            "Write down what it says",
            first=any(e.code in {"no_target", "no_ground"} for e in hard),
        ),
        at("add_paper", "Add a paper"),
        at("source", "Find a number in a second source"),
        at("repeats", "It repeats another"),
        at("ordinary", "It is no emergency"),
        at("refuse", "Do nothing about it"),
    ]
    if not found.passed_to:
        acts.append(at("pass_on", "It is a partner's: hand it over"))
    if not found.case.agency:
        acts.append(at("agency", "Find the agency in the directory", first=True))
    else:
        acts.append(at("agency", "It is another agency"))
        if found.call is not None:
            acts.append(at("call", "Call back again"))
    if found.written_at is None:
        acts.append(at("written", "The written request is in", first=found.call is not None))
    return acts


def _proposals(found: RequestView, way: Emergency, request: Asked, at: At) -> list[Act]:
    """Return what can be proposed on this pathway."""
    guide = policy.at(request.now)
    first = not found.decided and found.proposal is None
    if is_surveillance(way):
        runs = found.authority and found.ended_at is None
        return [] if runs else [at("surveil", "Propose the surveillance", first=first)]
    acts = [at("disclose", "Propose a disclosure", first=first)] if offered(way, guide) else []
    if locates(way, guide):
        acts.append(at("locate", "Propose permission to locate", first=first and not acts))
    return acts


def _running(found: RequestView, request: Asked, at: At) -> list[Act]:
    """Return what can be done about what was decided."""
    acts: list[Act] = []
    for made in found.decided:
        if (
            made.act == DISCLOSE
            and made.gathering
            and made.gathering.production
            and may(request.actor, "production.read")
        ):
            address = reverse("desk:production", args=[made.gathering.production])
            acts.append(Act("Release what was found", address, found.ended_at is None))
        if made.act == LOCATE and _lasts(made, request):
            acts.append(at("located", "Write a location down", made.id, first=True))
    if found.state is S.APPROVED and found.denial:
        acts += [at("call", "Call back again"), at("refuse", "Close it: the agency knows nothing of it")]
    elif found.state is S.APPROVED and found.ended_at is None:
        acts += _until_it_ends(found, request, at)
    return acts + _to_settle(found, request, at)


def _to_settle(found: RequestView, request: Asked, at: At) -> list[Act]:
    """Return what is still to be confirmed, and what came of what must follow."""
    acts: list[Act] = []
    if found.alone_by and found.confirmed_at is None and found.alone_by != request.actor.ref:
        acts.append(at("confirm", "Confirm what one decided alone", first=True))
    for each in found.follow_ups:
        if each.state in {FollowUpState.WAITING, FollowUpState.MISSING} and each.what not in {
            "order",
            "confirmation",
        }:
            acts.append(at("follows", f"{TITLES.get(each.what, each.what)} came", each.id))
    return acts


def _until_it_ends(found: RequestView, request: Asked, at: At) -> list[Act]:
    """Return what can be done about what was decided and is not over."""
    runs = found.authority or any(made.act == LOCATE and _lasts(made, request) for made in found.decided)
    acts = [at("call", "Call back again")]
    acts += [at("report", "Somebody says that it is over")] if runs else []
    return [*acts, *_of_ends(found, request), *_of_order(found, request, at)]


def _of_ends(found: RequestView, request: Asked) -> list[Act]:
    """Return what settles the ends that were asked for."""
    waits = [
        each.id for each in found.ends if each.state == "WAITING" and may(request.actor, "surveillance.end")
    ]
    return [
        act
        for each in waits
        for act in (
            Act("Called back: end it", reverse("switches:obey", args=[each]), True),
            Act("Called back: the agency did not ask", reverse("switches:refuse_end", args=[each])),
        )
    ]


def _of_order(found: RequestView, request: Asked, at: At) -> list[Act]:
    """Return what the order that follows can do, and what ends without it."""
    if not found.authority:
        return []
    by, case = request.actor, found.case.id
    proposed = [
        act
        for tapped in surveillance.of_case(case=case, by=by, now=request.now)
        for act in surveillance.acts(surveillance=tapped.id, by=by, now=request.now)
    ]
    waiting = [each for each in proposed if each.act == "surveillance.replace"]
    longer = [each for each in proposed if each.content.get("rule")]
    acts = [at("end", "End it now")] if may(by, "surveillance.end") else []
    if may(by, "order.work"):
        here = reverse("exigent:order", args=[case])
        came = any(each.what == "order" and each.state == FollowUpState.CAME for each in found.follow_ups)
        acts.append(Act("The order came", f"{here}?act=note"))
        if came:
            words = "Propose the order anew" if waiting else "Let the order take its place"
            acts.append(Act(words, f"{here}?act=replace", not waiting))
            acts.append(Act("Hold the cut while it is read", f"{here}?act=hold"))
    if (
        may(by, "emergency.decide")
        and not longer
        and queries.later(case=case, by=by, now=request.now) is not None
    ):
        acts.append(at("later", "Propose the later end that the clock gives"))
    acts += [
        at("approve_later", "Look at the later end, and approve it", each.id, first=True)
        for each in longer
        if each.proposed_by != by.ref
    ]
    theirs = [each.id for each in waiting if each.proposed_by != by.ref]
    return acts + [
        at("replace", "Approve that the order takes its place", each, first=True) for each in theirs
    ]


def _lasts(made: DecisionView, request: Asked) -> bool:
    return made.ends_at is not None and made.ends_at > request.now


@opens(read="emergency.read")
def afterwards(request: Asked, case: str) -> HttpResponse:
    """Show who was paged and called when, and the minutes to each step."""
    by, now = request.actor, request.now
    found = at_request(request, case)
    moments = queries.moments(case=case, by=by, now=now)
    climbed = queries.ladder(case=case, by=by, now=now)
    back = reverse("exigent:request", args=[case])
    context = {
        "title": f"Afterwards: {found.case.reference}",
        "crumbs": [Crumb("Emergencies", reverse("exigent:board")), Crumb(found.case.reference, back, mono=True), Crumb("Afterwards")],
        "found": found,
        "moments": moments,
        "names": people.names({each.who for each in moments} - {""}),
        "took": words.span(climbed.took) if climbed and climbed.took else "",
        "score": queries.score_of(agency=found.case.agency, by=by, now=now),
    }  # fmt: skip
    return render(request, "exigent/afterwards.html", context)
