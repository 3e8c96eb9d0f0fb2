"""
`/api/v1/telephony/{line}/voicemails`: the telephone system says that a voicemail was left; its receipt starts the ladder.

The telephone system proves itself by a signature (Standard Webhooks) with the secret in `TECUM_SECRETS/telephony/LINE`;
it holds no account, and this is all it can do.
"""

import hmac
import re
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from tecum.api.doors import Given, Id
from tecum.api.problems import REFUSALS
from tecum.config import clock
from tecum.kernel.actors import Actor
from tecum.notices.drivers.webhook import signature
from tecum.oncall import operations as oncall
from tecum.oncall.rules.views import Caller
from tecum.oncall.states import EntryKind

LINE = re.compile(r"[0-9A-Za-z_-]{1,64}")
IN_TIME = timedelta(minutes=5)
OLDEST = timedelta(hours=24)
BY = Actor.system("telephony")


class Voicemail(Given):
    """A voicemail on the emergency line."""

    left_at: datetime = Field(description="When it was left, with a zone; the steps are counted from here")
    number: str = Field("", max_length=60, description="The caller's number, where the line shows it")
    caller: str = Field("", max_length=120, description="The caller's name, where the line shows it")
    transcript: str = Field(
        "", max_length=4000, description="What was said, where it was written down; sealed"
    )


class Started(Schema):
    """The ladder climbs."""

    reference: str
    state: str = Field(
        description="CLIMBING until somebody takes it; the same voicemail again changes nothing"
    )


def signed(request: HttpRequest) -> Actor | None:
    """Return the telephone system when its signature is good and fresh, else None."""
    line = request.resolver_match.kwargs.get("line", "") if request.resolver_match else ""
    id, stamp = request.headers.get("webhook-id", ""), request.headers.get("webhook-timestamp", "")
    secret = _secret(line)
    if (
        secret is None
        or not LINE.fullmatch(id)
        or not stamp.isascii()
        or not stamp.isdigit()
        or len(stamp) > 12
    ):
        return None
    if abs(clock.now().timestamp() - int(stamp)) > IN_TIME.total_seconds():
        return None
    good = signature(secret, id=id, timestamp=int(stamp), body=request.body).encode()
    given = request.headers.get("webhook-signature", "").encode()[:1000].split()
    return BY if any(hmac.compare_digest(each, good) for each in given) else None


router = Router(tags=["telephony"], auth=signed)


@router.post("/{line}/voicemails", response={202: Started, **REFUSALS}, url_name="voicemails")
def voicemails(request: HttpRequest, line: Id, given: Voicemail) -> Status[Started]:
    """Take a voicemail in; the same one again (by its `webhook-id`) rings nobody a second time."""
    now = clock.now()
    left = given.left_at if given.left_at.tzinfo else now
    started = oncall.begin(
        about=f"voicemail:{line}:{request.headers['webhook-id']}"[:120],
        cause="voicemail",
        caller=Caller(given.caller, given.number, "", given.transcript),
        received_at=max(min(left, now), now - OLDEST),
        told=(EntryKind.VOICEMAIL_LEFT,),
        once=True,
        by=BY,
        now=now,
    )
    return Status(202, Started(reference=started.reference, state=started.state.value))


def _secret(line: str) -> bytes | None:
    if not LINE.fullmatch(line):
        return None
    path = Path(settings.TECUM_SECRETS) / "telephony" / line
    return path.read_bytes().strip() if path.is_file() else None
