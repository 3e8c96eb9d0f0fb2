"""`/api/v1/webhooks`: where one's own system is told that something moved; references and states, never a number."""

from datetime import datetime

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from tecum.api.doors import Given, Id, actor, must_be_open
from tecum.api.problems import REFUSALS
from tecum.config import clock
from tecum.notices import queries
from tecum.notices.operations import hooks
from tecum.notices.queries import HookView, NoticeView

router = Router(tags=["webhooks"])


class Register(Given):
    """The address of one's own system."""

    url: str = Field(
        min_length=10, max_length=500, description="https, port 443 or 8443, in the public network"
    )


class Secret(Schema):
    """A webhook and its secret, shown once."""

    id: str
    secret: str = Field(description="whsec_ and the key in base64 (Standard Webhooks)")


class Confirm(Given):
    """What was posted to the address."""

    challenge: str = Field(min_length=10, max_length=100)


class Hook(Schema):
    """A webhook of one's own."""

    id: str
    url: str
    state: str = Field(description="PENDING until its challenge came back, then ACTIVE")
    registered_at: datetime
    confirmed_at: datetime | None
    two_secrets_until: datetime | None
    waiting: int
    dead: int = Field(description="What could not be delivered in two days, or was refused")


class Delivery(Schema):
    """One thing that a webhook was told, or could not be."""

    id: str
    type: str
    state: str
    at: datetime
    attempts: int
    last_code: str
    last_words: str


@router.get("", response={200: list[Hook], **REFUSALS}, summary="The own webhooks", url_name="webhooks")
def mine(request: HttpRequest) -> list[Hook]:
    """List the token's person's webhooks that have not ended."""
    must_be_open("api", now=clock.now())
    return [hook(each) for each in queries.hooks(by=actor(request), now=clock.now())]


@router.post("", response={201: Secret, **REFUSALS}, summary="Register a webhook", url_name="webhooks")
def register(request: HttpRequest, given: Register) -> Status[Secret]:
    """Register an address. A challenge is posted to it; until that comes back it is told nothing."""
    must_be_open("api", now=clock.now())
    made = hooks.register_hook(address=given.url, by=actor(request), now=clock.now())
    return Status(201, Secret(id=made.id, secret=made.secret))


@router.post("/{id}/confirmation", response={200: list[Hook], **REFUSALS}, summary="Prove the address", url_name="webhook_confirmation")  # fmt: skip
def confirm(request: HttpRequest, id: Id, given: Confirm) -> list[Hook]:
    """Send back the challenge that was posted to the address."""
    must_be_open("api", now=clock.now())
    hooks.confirm_hook(hook=id, challenge=given.challenge, by=actor(request), now=clock.now())
    return [hook(each) for each in queries.hooks(by=actor(request), now=clock.now()) if each.id == id]


@router.post(
    "/{id}/secret", response={200: Secret, **REFUSALS}, summary="Rotate the secret", url_name="webhook_secret"
)
def rotate(request: HttpRequest, id: Id) -> Secret:
    """Get a new secret; for a day every request is signed with both."""
    must_be_open("api", now=clock.now())
    made = hooks.rotate_hook(hook=id, by=actor(request), now=clock.now())
    return Secret(id=made.id, secret=made.secret)


@router.delete("/{id}", response={204: None, **REFUSALS}, summary="End a webhook", url_name="webhook")
def end(request: HttpRequest, id: Id) -> Status[None]:
    """End it at once; what still waits for it is not sent."""
    must_be_open("api", now=clock.now())
    hooks.end_hook(hook=id, by=actor(request), now=clock.now())
    return Status(204, None)


@router.get("/{id}/deliveries", response={200: list[Delivery], **REFUSALS}, summary="What it was told", url_name="webhook_deliveries")  # fmt: skip
def told(request: HttpRequest, id: Id) -> list[Delivery]:
    """List the last hundred, newest first, with those that could not be delivered."""
    must_be_open("api", now=clock.now())
    return [delivery(each) for each in queries.deliveries(hook=id, by=actor(request), now=clock.now())]


def hook(view: HookView) -> Hook:
    """Translate a webhook."""
    return Hook(
        id=view.id, url=view.address, state=view.state.value, registered_at=view.registered_at,
        confirmed_at=view.confirmed_at, two_secrets_until=view.two_secrets_until, waiting=view.waiting, dead=view.dead,
    )  # fmt: skip


def delivery(view: NoticeView) -> Delivery:
    """Translate a delivery."""
    last = view.log[-1] if view.log else None
    return Delivery(
        id=view.id, type=view.message, state=view.state.value, at=view.enqueued_at, attempts=view.attempts,
        last_code=last.code if last else "", last_words=last.words if last else "",
    )  # fmt: skip
