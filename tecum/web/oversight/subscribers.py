"""The lists of subscribers: how old each is, what the last ones changed, and the lines that were not taken."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from tecum.access.rules import may
from tecum.accounts import queries as people
from tecum.records.operations import subscribers
from tecum.records.queries import lists as queries
from tecum.web.gates import opens
from tecum.web.oversight.views import numbers_views
from tecum.web.requests import Asked

WHY = {
    "changes_too_much": "it would have changed too much, or too many lines were bad",
    "cannot_list": "it could not be had wholly",
    "crashed": "the process was killed",
    "dry_run": "only to see what would change",
    "known": "it was applied already",
    "interrupted": "somebody stopped it",
    "failed": "it failed",
}


@opens(read="subscriber.read")
@never_cache
def state(request: Asked) -> HttpResponse:
    """Show how old each list is, and what the last ones changed."""
    rows = queries.lists(by=request.actor, now=request.now)
    sources = queries.sources(by=request.actor, now=request.now)
    context = {
        "title": "Subscriber lists",
        "views": numbers_views(request, "oversight:subscribers"),
        "sources": sources,
        "names": {source.id: source.name for source in sources},
        "rows": [(row, WHY.get(row.why, row.why)) for row in rows],
        "people": people.names({row.by for row in rows}),
        "may_rejects": may(request.actor, "subscriber.rejects"),
    }
    return render(request, "oversight/subscribers.html", context)


@opens(read="subscriber.rejects")
@never_cache
def rejects(request: Asked, told: str) -> HttpResponse:
    """Hand over the lines of a list that were not taken; that somebody took them is recorded first."""
    content = subscribers.read_rejects(list=told, by=request.actor, now=request.now)
    answer = HttpResponse(content, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="not-taken.csv"'
    return answer
