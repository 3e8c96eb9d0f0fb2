"""Opening matters, sealing and reading what belongs to them, and destroying an epoch for good."""

import hmac
import secrets
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q

from tecum.access.rules import require
from tecum.audit import operations as audit
from tecum.audit.rules import Payload, Receipt
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours, Refused
from tecum.secrecy import queries, rules
from tecum.secrecy.drivers import envelope, keyring
from tecum.secrecy.drivers.envelope import Tampered
from tecum.secrecy.models import LegalHold, Matter, NeedToKnow, RetentionEpoch

FINGERPRINTS = "fingerprints"  # no epoch: the key that tells equal contents apart from others
__all__ = [
    "Destroyed",
    "Key",
    "NoSuchMatter",
    "Tampered",
    "destroy_epoch",
    "end_hold",
    "fingerprint",
    "fingerprinter",
    "forget",
    "hold_matter",
    "keys_of",
    "let_know",
    "make_part",
    "open_matter",
    "read_bytes",
    "read_stream",
    "rotate",
    "seal_bytes",
    "seal_matter",
    "seal_payload",
    "seal_stream",
    "unseal_matter",
]


class Destroyed(Refused):
    """What was asked for was destroyed at the end of its retention."""


class NoSuchMatter(NotYours):
    """A matter that there is not."""


@dataclass(frozen=True, slots=True)
class Key:
    """What opens one matter, for whoever reads many things of it: the database is asked once."""

    matter: str
    _data: bytes = field(repr=False)

    def read(self, sealed: "bytes | memoryview[int]", *, about: str) -> bytes:
        """Return what an envelope holds. :raises Tampered: when it is not what was sealed about this thing"""
        return b"".join(envelope.unseal(self._data, [bytes(sealed)], about=about))

    def seal(self, content: bytes, *, about: str) -> bytes:
        """Return an envelope that only this matter's key opens."""
        return b"".join(envelope.seal(self._data, [content], about=about))


@transaction.atomic
def open_matter(*, kind: str, by: Actor, now: datetime) -> str:
    """
    Open a matter with a data key of its own, in the epoch of its kind of record, and return its id.

    The caller's own event tells why. `kind` is a retention of the guide (`own_records`).

    :raises ValueError: for a kind that is no name of a retention
    """
    epoch, keys = _epoch(kind, now, by=by, now=now), _keys()
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


def keys_of(matters: Collection[str]) -> dict[str, Key]:
    """Return the keys of matters, in one question; those that were destroyed are missing."""
    keys, wrapping = _keys(), dict[str, bytes]()
    found = {}
    for row in Matter.objects.select_related("epoch").filter(pk__in=set(matters), epoch__ordered_at=None):
        try:
            if row.epoch_id not in wrapping:
                wrapping[row.epoch_id] = keys.get(row.epoch_id)
        except keyring.EpochKeyGone:
            continue
        data = envelope.unwrap(wrapping[row.epoch_id], bytes(row.wrapped), about=_place(row))
        found[row.pk] = Key(row.pk, data)
    return found


@transaction.atomic
def let_know(matter: str, reader: str, *, by: Actor, now: datetime) -> bool:
    """
    Put a person on the list of who may know of a matter; tell whether they were not on it yet.

    Whose act that is, and whether it takes two people, decides the capability that the matter belongs to; it writes
    the event, here as in what follows.
    """
    if NeedToKnow.objects.filter(matter=_matter(matter), reader=reader, ended_at=None).exists():
        return False
    try:
        with transaction.atomic():
            NeedToKnow.objects.create(matter_id=matter, reader=reader, given_at=now, given_by=by.ref)
    except IntegrityError:  # somebody else put them on it at the same moment
        return False
    return True


@transaction.atomic
def forget(matter: str, reader: str, *, by: Actor, now: datetime) -> bool:
    """Take a person off the list of who may know of a matter; tell whether they were on it."""
    mine = NeedToKnow.objects.filter(matter=matter, reader=reader, ended_at=None)
    return mine.update(ended_at=now, ended_by=by.ref) > 0


@transaction.atomic
def seal_matter(matter: str) -> bool:
    """Hide a matter, with its parts, from everybody who is not on its list (control 8); tell whether it was open before."""
    row = _matter(matter)
    row.parts.update(sealed=True)
    return Matter.objects.filter(pk=row.pk, sealed=False).update(sealed=True) == 1


@transaction.atomic
def unseal_matter(matter: str) -> bool:
    """Let the matter be seen by all who may see its kind; tell whether it was sealed. The caller has two people."""
    row = _matter(matter)
    row.parts.update(sealed=False)
    return Matter.objects.filter(pk=row.pk, sealed=True).update(sealed=False) == 1


@transaction.atomic
def make_part(matter: str, *, of: str) -> bool:
    """
    Let a matter be sealed and known with another: a message with the case that it belongs to. Tell whether that is new.

    What was part of it goes along; its key and its retention stay its own.
    """
    part, whole = _matter(matter), _matter(of)
    root = Matter.objects.select_for_update().get(pk=whole.part_of_id or whole.pk)
    if root.pk in {part.pk, part.part_of_id}:
        return False
    Matter.objects.filter(Q(pk=part.pk) | Q(part_of=part)).update(part_of=root, sealed=root.sealed)
    return True


def seal_payload(content: bytes, *, matter: str, about: str) -> Payload:
    """Return the sealed part of an event of the trail, which goes when the matter's epoch goes."""
    return Payload(epoch=_matter(matter).epoch_id, ciphertext=seal_bytes(content, matter=matter, about=about))


def fingerprint(content: bytes, *, purpose: str) -> str:
    """
    Return a name for a content that tells equal from different and nothing else to whoever lacks the key.

    Its key lies beside those of the epochs and is never destroyed: two messages compare equal for ever.
    """
    return fingerprinter(purpose)(content)


def fingerprinter(purpose: str) -> Callable[[bytes], str]:
    """Return the function that names contents for one purpose, for a great many of them."""
    keys = _keys()
    keys.make(FINGERPRINTS)
    key = envelope.derived(keys.get(FINGERPRINTS), f"fingerprint {purpose}")
    return lambda content: hmac.new(key, content, sha256).hexdigest()


def destroy_epoch(
    epoch: str, *, by: Actor, now: datetime, carry: Mapping[str, datetime] | None = None
) -> Receipt | None:
    """
    Make everything sealed under an epoch unreadable for ever, in every backup too; return the proof of it.

    What a legal hold keeps, and what the caller says is not over (`carry`: matter → from when its time counts), goes to
    another epoch first. Then nothing is read any more, then the key goes, then that is recorded: whoever dies in
    between is finished by calling this again.

    :raises NotYours: without the permission, or for an epoch that there is not
    """
    require(by, "epoch.destroy", now=now)
    with transaction.atomic():
        row = RetentionEpoch.objects.select_for_update().filter(pk=epoch).first()
        if row is None:
            raise NotYours
        if row.ordered_at is None:
            _carry(row, {**(carry or {}), **dict.fromkeys(queries.held_in(epoch), now)}, by=by, now=now)
        if row.order(by=by.ref, at=now):
            audit.record("epoch.destruction_began", by=by, at=now, epoch=epoch)
    _keys().destroy(epoch)
    with transaction.atomic():
        if not row.end(at=now):
            return None
        audit.destroy_payloads(epoch=epoch, by=by, now=now)
        return audit.record("epoch.destroyed", by=by, at=now, epoch=epoch, matters=row.matters.count())


@transaction.atomic
def hold_matter(matter: str, *, placed_by: str, by: Actor, now: datetime) -> bool:
    """
    Let a matter, with its parts, outlive its retention, whatever ends; tell whether it was not held yet.

    The caller has two people: who placed it, and `by`, who approved (control 13).

    :raises Destroyed: when its epoch is being destroyed already
    """
    row = _matter(matter)
    parts = set(row.parts.values_list("epoch", flat=True))
    epochs = RetentionEpoch.objects.select_for_update().filter(pk__in={row.epoch_id, *parts}).order_by("pk")
    if any(each.ordered_at for each in epochs if each.pk == row.epoch_id):
        raise Destroyed("This was destroyed at the end of its retention; nothing is left to hold.")
    if LegalHold.objects.filter(matter=row, lifted_at=None).exists():
        return False
    LegalHold.objects.create(matter=row, placed_at=now, placed_by=placed_by, approved_by=by.ref)
    return True


@transaction.atomic
def end_hold(matter: str, *, by: Actor, now: datetime) -> bool:
    """Let a matter end with its retention again; tell whether it was held. One person's act."""
    return LegalHold.objects.filter(matter=matter, lifted_at=None).update(lifted_at=now, lifted_by=by.ref) > 0


@transaction.atomic
def rotate(*, by: Actor, now: datetime) -> int:
    """Wrap the keys of all epochs by the present sealing key, and return how many were wrapped by an older one."""
    require(by, "keys.rotate", now=now)
    keys = _keys()
    changed = sum(keys.rewrap(epoch) for epoch in keys.names())
    audit.record("keys.rotated", by=by, at=now, epochs=changed)
    return changed


def _carry(row: RetentionEpoch, carry: Mapping[str, datetime], *, by: Actor, now: datetime) -> None:
    """Wrap the keys of some matters by those of other epochs, in the caller's transaction."""
    keys = _keys()
    moved = list(row.matters.filter(pk__in=list(carry)))
    for each in moved:
        data = envelope.unwrap(keys.get(row.pk), bytes(each.wrapped), about=_place(each))
        each.epoch = _epoch(row.kind, carry[each.pk], by=by, now=now)
        if each.epoch.ordered_at or each.epoch.pk == row.pk:
            each.epoch = _epoch(row.kind, now, by=by, now=now)
        each.wrapped = envelope.wrap(keys.get(each.epoch.pk), data, about=f"{each.pk} in {each.epoch.pk}")
        each.save(update_fields=["epoch", "wrapped"])
    if moved:
        audit.record("epoch.carried", by=by, at=now, epoch=row.pk, matters=len(moved))


def _epoch(kind: str, at: datetime, *, by: Actor, now: datetime) -> RetentionEpoch:
    """Return the epoch that a matter of a kind joins at an instant, made with its key where there is none yet."""
    span = rules.joins(kind, now=at)
    epoch, fresh = RetentionEpoch.objects.get_or_create(
        id=span.epoch, defaults={"kind": kind, "opened_at": now, "closes_at": span.closes_at}
    )
    if fresh:
        _keys().make(epoch.id)
        audit.record("epoch.opened", by=by, at=now, epoch=epoch.id)
    return epoch


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
