"""Opening matters, sealing and reading what belongs to them, and destroying an epoch for good."""

import hmac
import secrets
from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db import transaction

from tecum.access.rules import require
from tecum.audit import operations as audit
from tecum.audit.rules import Payload
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours, Refused
from tecum.secrecy import rules
from tecum.secrecy.drivers import envelope, keyring
from tecum.secrecy.drivers.envelope import Tampered
from tecum.secrecy.models import Matter, RetentionEpoch

FINGERPRINTS = "fingerprints"  # no epoch: the key that tells equal contents apart from others
__all__ = [
    "Destroyed",
    "NoSuchMatter",
    "Tampered",
    "destroy_epoch",
    "fingerprint",
    "open_matter",
    "read_bytes",
    "read_stream",
    "rotate",
    "seal_bytes",
    "seal_payload",
    "seal_stream",
]


class Destroyed(Refused):
    """What was asked for was destroyed at the end of its retention."""


class NoSuchMatter(NotYours):
    """A matter that there is not."""


@transaction.atomic
def open_matter(*, kind: str, by: Actor, now: datetime) -> str:
    """
    Open a matter with a data key of its own, in the epoch of its kind of record, and return its id.

    The caller's own event tells why. `kind` is a retention of the guide (`own_records`).

    :raises ValueError: for a kind that is no name of a retention
    """
    span = rules.joins(kind, now=now)
    keys = _keys()
    epoch, fresh = RetentionEpoch.objects.get_or_create(
        id=span.epoch, defaults={"kind": kind, "opened_at": now, "closes_at": span.closes_at}
    )
    if fresh:
        keys.make(epoch.id)
        audit.record("epoch.opened", by=by, at=now, epoch=epoch.id)
    if epoch.ordered_at:
        raise Destroyed(f"The epoch {epoch.id} is being destroyed; nothing joins it any more.")
    matter = Matter(epoch=epoch, opened_at=now, opened_by=by.ref)
    data_key = secrets.token_bytes(envelope.KEY)
    matter.wrapped = envelope.wrap(keys.get(epoch.id), data_key, about=_place(matter))
    matter.save(force_insert=True)
    return matter.id


def seal_bytes(content: bytes, *, matter: str, about: str) -> bytes:
    """Return an envelope that only this matter's key opens, and only for the thing it is about."""
    return b"".join(seal_stream([content], matter=matter, about=about))


def seal_stream(content: Iterable[bytes], *, matter: str, about: str) -> Iterator[bytes]:
    """Return the envelope of a content that comes in pieces. :raises Destroyed: when the key is gone"""
    return envelope.seal(_data_key(matter), content, about=about)


def read_bytes(sealed: bytes, *, matter: str, about: str) -> bytes:
    """
    Return what an envelope holds.

    :raises Destroyed: when the epoch's key is gone
    :raises Tampered: when these are not the bytes that were sealed about this thing
    """
    return b"".join(read_stream([sealed], matter=matter, about=about))


def read_stream(sealed: Iterable[bytes], *, matter: str, about: str) -> Iterator[bytes]:
    """Return what an envelope holds, piece by piece, each proven before it comes."""
    return envelope.unseal(_data_key(matter), sealed, about=about)


def seal_payload(content: bytes, *, matter: str, about: str) -> Payload:
    """Return the sealed part of an event of the trail, which goes when the matter's epoch goes."""
    return Payload(epoch=_matter(matter).epoch_id, ciphertext=seal_bytes(content, matter=matter, about=about))


def fingerprint(content: bytes, *, purpose: str) -> str:
    """
    Return a name for a content that tells equal from different and nothing else to whoever lacks the key.

    Its key lies beside those of the epochs and is never destroyed: two messages compare equal for ever.
    """
    keys = _keys()
    keys.make(FINGERPRINTS)
    key = envelope.derived(keys.get(FINGERPRINTS), f"fingerprint {purpose}")
    return hmac.new(key, content, sha256).hexdigest()


def destroy_epoch(epoch: str, *, by: Actor, now: datetime) -> None:
    """
    Make everything sealed under an epoch unreadable for ever, in every backup too.

    First nothing is read any more, then the key goes, then that is recorded: whoever dies in between is finished by
    calling this again.

    :raises NotYours: without the permission, or for an epoch that there is not
    """
    require(by, "epoch.destroy", now=now)
    row = RetentionEpoch.objects.filter(pk=epoch).first()
    if row is None:
        raise NotYours
    with transaction.atomic():
        if row.order(by=by.ref, at=now):
            audit.record("epoch.destruction_began", by=by, at=now, epoch=epoch)
    _keys().destroy(epoch)
    with transaction.atomic():
        if row.end(at=now):
            audit.destroy_payloads(epoch=epoch, by=by, now=now)
            audit.record("epoch.destroyed", by=by, at=now, epoch=epoch, matters=row.matters.count())


@transaction.atomic
def rotate(*, by: Actor, now: datetime) -> int:
    """Wrap the keys of all epochs by the present sealing key, and return how many were wrapped by an older one."""
    require(by, "keys.rotate", now=now)
    keys = _keys()
    changed = sum(keys.rewrap(epoch) for epoch in keys.names())
    audit.record("keys.rotated", by=by, at=now, epochs=changed)
    return changed


def _data_key(matter: str) -> bytes:
    row = _matter(matter)
    if row.epoch.ordered_at:
        raise Destroyed("This was destroyed at the end of its retention.")
    try:
        return envelope.unwrap(_keys().get(row.epoch_id), bytes(row.wrapped), about=_place(row))
    except keyring.EpochKeyGone:
        raise Destroyed("This cannot be read: the key of its retention epoch is gone.") from None


def _matter(matter: str) -> Matter:
    row = Matter.objects.select_related("epoch").filter(pk=matter).first()
    if row is None:
        raise NoSuchMatter
    return row


def _place(matter: Matter) -> str:
    """Return what a data key is bound to: its matter and its epoch."""
    return f"{matter.id} in {matter.epoch_id}"


def _keys() -> keyring.EpochKeys:
    sealing_keys = keyring.load(Path(settings.TECUM_SEALING_KEY_FILE))
    return keyring.EpochKeys(Path(settings.TECUM_EPOCH_KEYS), sealing_keys)
