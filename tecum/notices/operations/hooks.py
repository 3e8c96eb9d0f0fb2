"""
Webhooks of agencies: registered by a person, proved by a challenge, told states and references, rotated, ended.

A webhook is a person's, as a token is: it hears of what its person may know and of nothing else, and is silent while its
person is kept out. It is never told a number, a name or a text.
"""

import base64
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.db import transaction

from tecum.access.rules import require
from tecum.audit import operations as audit
from tecum.kernel.actors import Actor
from tecum.kernel.ids import unguessable
from tecum.kernel.refusals import NotYours, Refused
from tecum.notices.drivers import posting
from tecum.notices.models import Notice, WebHook
from tecum.notices.operations import OutsideAnyChange
from tecum.notices.rules import CHALLENGE
from tecum.notices.states import HookState, NoticeChannel
from tecum.policy import queries as policy
from tecum.secrecy import operations as secrecy

MOST = 5
OVERLAP = timedelta(hours=24)  # how long an old secret still signs beside the new one
KEPT_AS = "mail"


class CannotHook(Refused):
    """An address that is not posted to, one webhook too many, or a challenge that is not the one that was sent."""


@dataclass(frozen=True, slots=True)
class HookSecret:
    """A webhook's secret, shown once."""

    id: str
    secret: str


@transaction.atomic
def register_hook(*, address: str, by: Actor, now: datetime) -> HookSecret:
    """
    Register an address of one's own system; it is told nothing before it proved itself with the challenge posted to it.

    :raises CannotHook: for an address that is not https or lies inside, or beyond five
    """
    require(by, "webhook.own", now=now)
    try:
        kept = posting.fit(address, loopback=settings.TECUM_HOOKS_TO_LOOPBACK)
    except posting.NotOutside as why:
        raise CannotHook(str(why)) from None
    mine = WebHook.objects.filter(owner=by.ref).exclude(state=HookState.ENDED)
    if mine.count() >= MOST:
        raise CannotHook(f"You have {MOST} webhooks. End one first.")
    matter = secrecy.open_matter(kind=KEPT_AS, by=by, now=now)
    token = secrets.token_urlsafe(24)
    row = WebHook(
        id=unguessable(), owner=by.ref, address=kept, matter=matter, registered_at=now, challenge=_hash(token)
    )
    said = _fresh(row)
    row.save(force_insert=True)
    audit.record("webhook.registered", by=by, at=now, matter=matter, hook=row.pk)
    _put(row, CHALLENGE, {"challenge": token, "webhook": row.pk}, matter="", by=by, now=now)
    return HookSecret(row.pk, said)


@transaction.atomic
def confirm_hook(*, hook: str, challenge: str, by: Actor, now: datetime) -> None:
    """Take the challenge back from whoever registered it; from now on it is told. :raises CannotHook: for another one"""
    row = _mine(hook, by=by, now=now)
    if row.state != HookState.PENDING or not hmac.compare_digest(row.challenge, _hash(challenge)):
        raise CannotHook("This is not the challenge that was posted to this webhook.")
    WebHook.objects.filter(pk=row.pk).update(state=HookState.ACTIVE, confirmed_at=now)
    audit.record("webhook.confirmed", by=by, at=now, matter=row.matter, hook=row.pk)


@transaction.atomic
def rotate_hook(*, hook: str, by: Actor, now: datetime) -> HookSecret:
    """Give a webhook a new secret; for a day both sign, so that nothing is missed meanwhile."""
    row = _mine(hook, by=by, now=now)
    row.old_secret, row.old_until = row.secret, now + OVERLAP
    said = _fresh(row)
    row.save(update_fields=["secret", "old_secret", "old_until"])
    audit.record("webhook.rotated", by=by, at=now, matter=row.matter, hook=row.pk)
    return HookSecret(row.pk, said)


@transaction.atomic
def end_hook(*, hook: str, by: Actor, now: datetime) -> None:
    """End a webhook at once; what still waits for it is not sent."""
    row = _mine(hook, by=by, now=now)
    WebHook.objects.filter(pk=row.pk).update(
        state=HookState.ENDED, ended_at=now, secret=b"", old_secret=b"", old_until=None
    )
    audit.record("webhook.ended", by=by, at=now, matter=row.matter, hook=row.pk)


def tell_hooks(
    kind: str, *, owner: str, data: Mapping[str, str], matter: str, by: Actor, now: datetime
) -> int:
    """
    Tell the webhooks of a person, in the caller's transaction; return how many.

    The caller knows that the person may know of the matter and that it is not sealed; that is asked again when it leaves.
    """
    rows = list(WebHook.objects.filter(owner=owner, state=HookState.ACTIVE))
    for row in rows:
        _put(row, kind, data, matter=matter, by=by, now=now)
    return len(rows)


def _put(row: WebHook, kind: str, data: Mapping[str, str], *, matter: str, by: Actor, now: datetime) -> None:
    if not transaction.get_connection().in_atomic_block:
        raise OutsideAnyChange(f"'{kind}' belongs into the transaction of its cause.")
    id = unguessable()
    notice = Notice(
        id=id, message=kind, channel=NoticeChannel.WEBHOOK, guide_version=policy.at(now).version, matter=matter,
        recipient=row.pk, subject=kind, text=json.dumps(dict(data)), message_id=f"<{id}@webhook>", enqueued_at=now,
        enqueued_by=by.ref, attempt_at=now,
    )  # fmt: skip
    notice.save(force_insert=True)
    audit.record(
        "notice.enqueued",
        by=by,
        at=now,
        matter=matter,
        notice=id,
        message=kind,
        channel=NoticeChannel.WEBHOOK.value,
    )


def _mine(hook: str, *, by: Actor, now: datetime) -> WebHook:
    require(by, "webhook.own", now=now)
    row = WebHook.objects.select_for_update().filter(pk=hook, owner=by.ref).first()
    if row is None or row.state == HookState.ENDED:
        raise NotYours
    return row


def _fresh(row: WebHook) -> str:
    raw = secrets.token_bytes(32)
    row.secret = secrecy.seal_bytes(raw, matter=row.matter, about=f"webhook {row.pk}")
    return "whsec_" + base64.b64encode(raw).decode()


def _hash(challenge: str) -> str:
    return sha256(challenge.encode()).hexdigest()
