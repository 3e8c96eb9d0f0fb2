"""`/api/v1/productions`: what was handed to the person's account; fetched by a token that was taken for it."""

from datetime import datetime

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from ninja import Field, Router, Schema

from tecum.api.doors import Id, actor, must_be_open
from tecum.api.packages import streamed
from tecum.api.problems import REFUSALS, Problem
from tecum.config import clock
from tecum.kernel.refusals import NotYours
from tecum.policy import queries as policy
from tecum.production import operations as productions
from tecum.production import queries
from tecum.production.rules.views import Offer

router = Router(tags=["productions"])


class Part(Schema):
    """One file of the package."""

    path: str
    product: str


class Download(Schema):
    """One time that it was fetched, by page or program."""

    at: datetime
    receipt: str


class Offered(Schema):
    """A production that was handed to the account (ETSI TS 103 120: DeliveryObject)."""

    id: str
    reference: str
    case_reference: str
    kind: str = Field(description="certificate, disclaimer or no_records")
    sha256: str = Field(description="Of the whole package, as it is fetched")
    size: int
    made_at: datetime
    expires_at: datetime
    downloads_left: int
    state: str = Field(description="OPEN, USED, OVER or CLOSED")
    files: list[Part]
    downloads: list[Download]


@router.get(
    "",
    response={200: list[Offered], **REFUSALS},
    summary="What was handed to the account, newest first",
    url_name="productions",
)
def mine(request: HttpRequest) -> list[Offered]:
    """List what was handed to the token's person and not taken back."""
    must_be_open("api", now=clock.now())
    return [offered(each) for each in queries.offers(by=actor(request), now=clock.now())]


@router.get("/{id}", response={200: Offered, **REFUSALS}, summary="One production", url_name="production")
def one(request: HttpRequest, id: Id) -> Offered:
    """Say what is in a production, how often it can still be fetched, and when it was."""
    must_be_open("api", now=clock.now())
    return offered(queries.offer(id=id, by=actor(request), now=clock.now()))


@router.post(
    "/{id}/downloads",
    response={200: None, 403: Problem, **REFUSALS},
    summary="Fetch the package",
    url_name="production_download",
    openapi_extra={
        "responses": {
            200: {
                "description": "The package, streamed. `Repr-Digest` (RFC 9530) and `Tecum-SHA256` hold its hash, `Tecum-Receipt` the trail's.",
                "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
            }
        }
    },
)
def fetch(request: HttpRequest, id: Id) -> HttpResponseBase:
    """
    Fetch the package: counted and recorded before its first byte leaves, exactly as on the page.

    It needs a token that was taken for fetching under a fresh second factor, and a guide that lets programs fetch.
    """
    now = clock.now()
    must_be_open("api", now=now)
    if not policy.at(now).productions.by_program:
        raise NotYours
    return streamed(productions.fetch(handover=id, by=actor(request), now=now))


def offered(offer: Offer) -> Offered:
    """Translate an offer for programs."""
    return Offered(
        id=offer.id, reference=offer.reference, case_reference=offer.case_reference, kind=offer.kind,
        sha256=offer.sha256, size=offer.size, made_at=offer.made_at, expires_at=offer.expires_at,
        downloads_left=offer.downloads_left, state=offer.state.value,
        files=[Part(path=path, product=product) for path, product in offer.files],
        downloads=[Download(at=each.at, receipt=each.receipt) for each in offer.downloads],
    )  # fmt: skip
