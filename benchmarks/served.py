"""The addresses that bars D1 and D2 are served from: the real ones, and the trivial pages that they are held against."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from tecum.config.urls import *  # noqa: F403
from tecum.config.urls import urlpatterns
from tecum.inventory import queries
from tecum.web.gates import opens


@opens(read="lookup.run")
def trivial(request: HttpRequest) -> HttpResponse:
    """Answer one number from the inventory and nothing else."""
    answer = queries.look_up(["2925550142"])
    return HttpResponse(f"{answer.version} {len(answer.rows)}")


@opens(read="demand.read")
def nothing(request: HttpRequest) -> HttpResponse:
    """Answer somebody who is signed in, and ask nothing more."""
    return HttpResponse("nothing")


urlpatterns = [*urlpatterns, path("bench/trivial/", trivial), path("bench/nothing/", nothing)]
