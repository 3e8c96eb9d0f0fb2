"""The queue of legal demands: by what is due and why; the filters are the address, and can be kept and sent."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from tecum.access.rules import may
from tecum.accounts import queries as people
from tecum.agencies import queries as agencies
from tecum.demands import operations as demands
from tecum.demands import queries
from tecum.demands.states import OPEN, WAITS_FOR_AGENCY, DemandState
from tecum.guide.calculators import calendars
from tecum.guide.questions import Question
from tecum.policy import queries as policy
from tecum.web.acts import at_once
from tecum.web.gates import opens
from tecum.web.refusals import remember
from tecum.web.requests import Asked
from tecum.web.response.strip import strip
from tecum.web.templatetags.frame import View

ON_A_PAGE = 50
STATES = [("open", "Any open"), ("agency", "Waits for the agency"), *((each.value, each.value.replace("_", " ").capitalize()) for each in DemandState), ("all", "All")]  # fmt: skip


class Narrow(forms.Form):
    """Narrows the queue; the address is the filter."""

    find = forms.CharField(
        label="Reference", required=False, max_length=20, widget=forms.TextInput(attrs={"type": "search"})
    )
    state = forms.ChoiceField(label="State", required=False, choices=STATES)
    owner = forms.ChoiceField(label="Owner", required=False)
    due = forms.ChoiceField(
        label="Due", required=False, choices=[("", "Any time"), ("late", "Late"), ("72h", "Within 72 hours")]
    )
    sort = forms.ChoiceField(
        label="Order",
        required=False,
        choices=[("due", "What is due"), ("oldest", "Oldest first"), ("received", "Youngest first")],
    )

    def __init__(self, *args: Any, owners: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["owner"].choices = [("", "Anybody"), ("nobody", "Nobody"), *owners]  # type: ignore[attr-defined]

    def narrowed(self) -> queries.Filter:
        """Return the filter; nonsense in the address narrows nothing."""
        said = self.cleaned_data if self.is_valid() else {}
        return queries.Filter(
            state=said.get("state") or "open", owner=said.get("owner") or "", due=said.get("due") or "",
            reference=said.get("find") or "", order=said.get("sort") or "due",
        )  # fmt: skip


@opens(read="demand.read", write="demand.work")
def queue(request: Asked) -> HttpResponse:
    """List demands by what is due; give the chosen ones to somebody."""
    if request.method == "POST":
        return _assign(request)
    by, now = request.actor, request.now
    refs = {*queries.owners(by=by, now=now), by.ref}
    names = people.names(refs)
    owners = sorted(((ref, name) for ref, name in names.items()), key=lambda each: each[1])
    form = Narrow(request.GET, owners=owners, auto_id="filter_%s")
    offset = _offset(request.GET.get("from", ""))
    page = queries.queue(by=by, now=now, narrowed=form.narrowed(), offset=offset, limit=ON_A_PAGE)
    counts = queries.counts(by=by, now=now)
    due = queries.board(by=by, now=now)
    kept = queries.saved_views(by=by)
    query = request.GET.urlencode()
    context = {
        "title": "Legal demands",
        "filter": form,
        "lines": page.lines,
        "more": _address(request, offset + ON_A_PAGE) if page.more else "",
        "before": _address(request, max(offset - ON_A_PAGE, 0)) if offset else "",
        "more_due": due.more,
        "open": sum(count for state, count in counts.items() if DemandState(state) in OPEN),
        "late": sum(1 for line in due.lines if line.next.late),
        "unowned": sum(1 for line in due.lines if not line.owner),
        "names": names,
        "agencies": agencies.names({line.agency for line in page.lines} - {""}),
        "views": _views(request, counts, kept),
        "own_view": next((each for each in kept if each.mine and query and each.query == query), None),
        "picture": strip(
            due.lines, now=now, calendar=_calendar(request), address=reverse("response:demand", args=["{}"])
        ),
        "may_work": may(by, "demand.work"),
        "may_prepare": may(by, "production.prepare"),
        "givable": owners,
        "query": query,
        "me": by.ref,
    }
    return render(request, "response/queue.html", context)


@opens(read="demand.read")
def board(request: Asked) -> HttpResponse:
    """Show what is late or due within 72 hours, for the wall and for print."""
    by, now = request.actor, request.now
    found = queries.board(by=by, now=now)
    lines = found.lines
    context = {
        "title": "Next 72 hours",
        "more": found.more,
        "more_due": found.more,
        "lines": lines,
        "names": people.names({line.owner for line in lines} - {""}),
        "agencies": agencies.names({line.agency for line in lines} - {""}),
        "picture": strip(
            lines, now=now, calendar=_calendar(request), address=reverse("response:demand", args=["{}"])
        ),
        "late": [line for line in lines if line.due_at and line.due_at < now],
        "ahead": [line for line in lines if line.due_at and line.due_at >= now],
    }
    return render(request, "response/board.html", context)


@opens(write="demand.read")
def keep_view(request: Asked) -> HttpResponse:
    """Keep the filters of the queue under a name."""
    query = request.POST.get("query", "")
    return at_once(
        request, demands.save_view, done="This view is kept; it stands beside the others.",
        back=f"{reverse('response:demands')}?{query}", name=request.POST.get("name", ""), query=query,
        shared=request.POST.get("shared") == "on",
    )  # fmt: skip


@opens(write="demand.read")
def forget_view(request: Asked, view: str) -> HttpResponse:
    """Forget a view of one's own."""
    demands.forget_view(view=view, by=request.actor, now=request.now)
    messages.success(request, "This view is gone; the demands in it are as they were.")
    return redirect("response:demands")


def _assign(request: Asked) -> HttpResponse:
    chosen = request.POST.getlist("case")
    here = f"{reverse('response:demands')}?{request.POST.get('query', '')}"
    owner = request.POST.get("to", "")
    try:
        if not chosen:
            raise demands.CannotSave("Choose demands in the list first; nothing was changed.")
        count = demands.assign_many(cases_chosen=chosen, owner=owner, by=request.actor, now=request.now)
    except demands.CannotSave as refusal:
        remember(request, type(refusal).__name__)
        messages.error(request, str(refusal))
    else:
        name = people.names({owner}).get(owner, "nobody")
        messages.success(request, f"{count} given to {name}.")
    return redirect(here)


def _views(request: Asked, counts: Mapping[str, int], kept: list[queries.KeptView]) -> list[View]:
    here, query, ref = reverse("response:demands"), request.GET.urlencode(), request.actor.ref
    waits = sum(counts.get(state, 0) for state in WAITS_FOR_AGENCY)
    opened = sum(count for state, count in counts.items() if DemandState(state) in OPEN)
    fixed = [
        View("Due next", here, opened, query in {"", "state=open"}),
        View("Mine", f"{here}?owner={ref}", None, query == f"owner={ref.replace(':', '%3A')}"),
        View("Nobody’s", f"{here}?owner=nobody", None, query == "owner=nobody"),
        View("Waiting for the agency", f"{here}?state=agency", waits, query == "state=agency"),
        View("Withdrawn", f"{here}?state=WITHDRAWN", counts.get("WITHDRAWN", 0), query == "state=WITHDRAWN"),
        View("All", f"{here}?state=all", None, query == "state=all"),
    ]
    return fixed + [
        View(each.name, f"{here}?{each.query}", None, bool(query) and query == each.query) for each in kept
    ]


def _calendar(request: Asked) -> Any:
    guide = policy.at(request.now)
    day = request.now.astimezone(guide.carrier.zone.tz).date()
    return calendars.for_question(guide, Question(on=day), desk_id=guide.demands.desk).kernel


def _offset(said: str) -> int:
    return min(int(said), 100_000) if said.isdecimal() and len(said) < 7 else 0


def _address(request: Asked, offset: int) -> str:
    query = request.GET.copy()
    query.pop("from", None)
    if offset:
        query["from"] = str(offset)
    return f"?{query.urlencode()}"
