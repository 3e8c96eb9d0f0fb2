"""`/api/v1/`: who calls, what a refusal looks like, and the resources."""

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.security import HttpBearer

from tecum.accounts import queries as people
from tecum.api import lookups
from tecum.config import clock
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours, Refused


class Token(HttpBearer):
    """A personal, short-lived token: `Authorization: Bearer …` (A17)."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """Return the person whose token it is, with their standing of this moment, or None."""
        return people.actor_of_token(token, now=clock.now())


api = NinjaAPI(title="Tecum", version="1", auth=Token(), docs_url=None, urls_namespace="api-v1")
api.add_router("/lookups", lookups.router)


@api.exception_handler(NotYours)
def unknown(request: HttpRequest, refusal: NotYours) -> HttpResponse:
    """Answer unknown and forbidden alike."""
    return api.create_response(request, {"detail": str(refusal)}, status=404)


@api.exception_handler(Refused)
def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """Answer a refusal with its sentence and the name of its rule."""
    return api.create_response(
        request, {"detail": str(refusal), "refusal": type(refusal).__name__}, status=409
    )
