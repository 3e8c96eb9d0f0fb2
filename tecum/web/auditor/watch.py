"""What must hold at every moment, whether somebody looks, and what does not hold: ids and ages, never a name or a number."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from tecum.assurance import queries
from tecum.assurance.rules import INVARIANTS, FindingView
from tecum.policy import queries as policy
from tecum.web.gates import opens
from tecum.web.requests import Asked

SECONDS_BETWEEN_LOOKS = 60


@opens(read="invariant.read")
@never_cache
def watch(request: Asked) -> HttpResponse:
    """Show each invariant with what does not hold of it, and what held again lately; the page comes back by itself."""
    found, over = queries.findings(by=request.actor, now=request.now)
    open_at: dict[str, list[FindingView]] = {}
    for each in found:
        open_at.setdefault(each.invariant, []).append(each)
    context = {
        "title": "Invariants",
        "rows": [(code, words, open_at.get(code, [])) for code, words in INVARIANTS.items()],
        "found": found,
        "over": over,
        "watch": queries.watch(),
        "silent": queries.silent_since(now=request.now),
        "silent_after": policy.at(request.now).assurance.silent_after,
        "may_read": request.actor.may("oncall.read"),
        "may_search": request.actor.may("trail.search"),
    }
    answer = render(request, "auditor/watch.html", context)
    answer["Refresh"] = str(SECONDS_BETWEEN_LOOKS)
    return answer
