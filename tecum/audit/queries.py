"""What can be read in the trail. `within` says which matters the reader may see; entries of no matter are always seen."""

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet, Sum

from tecum.audit import rules
from tecum.audit.catalogue import EVENTS, Kind
from tecum.audit.drivers import anchors, keys, reading
from tecum.audit.models import TrailAnchor, TrailCheckpoint, TrailLeaf, TrailLog
from tecum.audit.rules import Question, Receipt
from tecum_verify.checking import Held, Verdict
from tecum_verify.checking import Kind as Found
from tecum_verify.merkle import consistency_proof, inclusion_proof
from tecum_verify.notes import BadNote, checkpoint
from tecum_verify.proofs import Proof

MOST_CHECKPOINTS = 1000
PROCESSES = "system:"  # how the reference of each of our own processes begins


class EveryMatter:
    """The reader who may see every matter; written out, so that nobody gets it by leaving something out."""


@dataclass(frozen=True, slots=True)
class AllBut:
    """The reader who may see every matter but these (those sealed to others)."""

    hidden: frozenset[str]


EVERY_MATTER = EveryMatter()
Within = Collection[str] | EveryMatter | AllBut


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry, read from its bytes. `position` counts from 1; without one it waits for its seal."""

    key: int
    position: int | None
    event: str
    kind: Kind
    at: datetime
    by: str
    agency: str
    matter: str
    data: Mapping[str, Any]
    receipt: Receipt
    payload: str  # "", "sealed" or "destroyed"
    body: bytes

    @property
    def words(self) -> str:
        """Return what was done, in the words of the catalogue."""
        return self.told({})

    def told(self, names: Mapping[str, str]) -> str:
        """Return what was done, in the words of the catalogue, with names for some of the fields."""
        line = EVENTS.get(self.event)
        if line is None:
            return self.event
        values = {name: shown(self.data.get(name, "")) for name in line.fields}
        return line.words.format_map({**values, **names})


@dataclass(frozen=True, slots=True)
class Page:
    """Entries, newest first; `older` continues where there are more."""

    entries: tuple[Entry, ...]
    found: int
    older: int | None


@dataclass(frozen=True, slots=True)
class Signed:
    """A checkpoint as it went out."""

    origin: str
    size: int
    root: str
    note: str
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class State:
    """How the trail stands."""

    origin: str
    size: int
    pending: int
    oldest_pending: datetime | None
    checkpoint: Signed | None
    anchored: int
    anchored_at: datetime | None
    places: tuple[str, ...] = field(default=())

    @property
    def not_anchored(self) -> int:
        """Return how many entries no checkpoint outside covers yet."""
        return self.size + self.pending - self.anchored


def search(*, within: Within, question: Question, limit: int = 50) -> Page:
    """Return the entries that answer a question, newest first."""
    rows = _asked(within, question)
    anything = replace(question, before=None) == Question()
    found = _all_there_are(within) if anything else rows.count()
    if question.before is not None:
        rows = rows.filter(pk__lt=question.before)
    entries = [entry_of(row) for row in rows.order_by("-pk")[: limit + 1]]
    older = entries[limit - 1].key if len(entries) > limit else None
    return Page(tuple(entries[:limit]), found, older)


def known(references: Collection[str], *, within: Within) -> tuple[str, ...]:
    """Return those references under which a reader finds anything."""
    return tuple(each for each in references if _asked(within, Question(about=(each,))).exists())


def timeline(*, matter: str, within: Within, latest: int = 0) -> tuple[Entry, ...]:
    """Return everything that happened to a matter, oldest first; or only the `latest` so many."""
    rows = readable(within).filter(matter=matter).exclude(matter="")
    if latest:
        return tuple(entry_of(row) for row in rows.order_by("-pk")[:latest])[::-1]
    return tuple(entry_of(row) for row in rows.order_by("pk"))


def since(moment: datetime, *, within: Within = EVERY_MATTER) -> tuple[Entry, ...]:
    """Return the entries from a moment on, oldest first."""
    return tuple(entry_of(row) for row in readable(within).filter(at__gte=moment).order_by("pk"))


def by_receipt(text: str, *, within: Within) -> tuple[Entry, ...]:
    """Return the entries of a receipt: one, unless two share its 48 bits; none where the text is no receipt."""
    return search(within=within, question=Question(receipt=text)).entries


def state() -> State:
    """Return how the trail stands: sealed, pending, signed, anchored."""
    log = _log()
    last = TrailCheckpoint.objects.filter(log=log).order_by("-size").first() if log else None
    anchor = (
        TrailAnchor.objects.filter(checkpoint__log=log).order_by("-checkpoint__size", "at").first()
        if log
        else None
    )
    waiting = TrailLeaf.objects.pending()
    oldest = waiting.values_list("at", flat=True).first()
    return State(
        origin=log.origin if log else settings.TECUM_TRAIL_ORIGIN,
        size=log.size if log else 0,
        pending=waiting.count() if oldest else 0,
        oldest_pending=oldest,
        checkpoint=_signed(last) if last else None,
        anchored=anchor.checkpoint.size if anchor else 0,
        anchored_at=anchor.at if anchor else None,
        places=tuple(settings.TECUM_TRAIL_ANCHORS),
    )


def public_key() -> str:
    """
    Return the key that others check with.

    :raises NoKey: where none was made yet
    """
    return str(keys.load(Path(settings.TECUM_TRAIL_KEY_FILE)).public)


def latest_checkpoint() -> Signed | None:
    """Return the newest signed checkpoint, for footers and whoever asks."""
    row = TrailCheckpoint.objects.filter(log=_log()).order_by("-size").first()
    return _signed(row) if row else None


def checkpoints(*, log: TrailLog | None = None) -> list[Signed]:
    """Return the signed checkpoints of the open log, oldest first; at most 1,000, evenly spread, the newest among them."""
    rows = TrailCheckpoint.objects.filter(log=log or _log()).select_related("log").order_by("size")
    wanted = anchors.thinned(list(rows.values_list("pk", flat=True)), MOST_CHECKPOINTS)
    return [_signed(row) for row in rows.filter(pk__in=wanted)]


def proof(entry: Entry) -> Proof | None:
    """Return the proof that an entry stands under the newest checkpoint; none before it is sealed and signed."""
    log, signed = _log(), latest_checkpoint()
    if log is None or signed is None or entry.position is None or entry.position > signed.size:
        return None
    steps = inclusion_proof(reading.nodes(log), entry.position - 1, signed.size)
    return Proof(entry.body, entry.position - 1, steps, signed.note)


@dataclass(frozen=True, slots=True)
class Proven:
    """What a receipt is good for by now; `says` is a sentence for the person who holds it."""

    says: str
    entry: Entry | None = None
    proof: Proof | None = None


def proven(receipt: str, *, within: Within) -> Proven:
    """Return how far the promise of a receipt is kept."""
    found = by_receipt(receipt, within=within)
    if not found:
        return Proven("No entry has this receipt, or it is not yours to see.")
    if len(found) > 1:
        return Proven("More than one entry begins with this receipt: give more of the leaf's hash.")
    entry = found[0]
    if entry.position is None:
        return Proven("Recorded; it gets its place within a minute. Look again.", entry)
    steps = proof(entry)
    if steps is None:
        return Proven(f"Entry {entry.position:,}; it is signed with the next checkpoint. Look again.", entry)
    return Proven(f"Entry {entry.position:,}, proved.", entry, steps)


def consistency(*, old: int, new: int) -> list[bytes]:
    """
    Return the proof that the trail of `new` entries begins with that of `old`.

    :raises ValueError: unless 0 < old <= new
    """
    log = _log()
    if log is None or new > log.size:
        raise ValueError(f"The trail has no {new} entries.")
    return consistency_proof(reading.nodes(log), old, new)


def verify_now(origin: str = "", progress: Callable[[int], None] = lambda position: None) -> Verdict:
    """
    Recompute a whole log, the open one unless another is named, from its stored bytes against every checkpoint of it,
    ours and those read back from outside.
    """
    log = log_of(origin)
    return reading.check(log, held(log), progress) if log else Verdict(0, b"", 0, [])


def outcome_of(verdict: Verdict) -> str:
    """Return the word for a verdict: good, unanchored, edited, missing, inconsistent."""
    return "good" if verdict.code == 0 else Found(verdict.code).name.lower()


@dataclass(frozen=True, slots=True)
class Checks:
    """How often the trail was verified so far, how often it was found good, and the last time."""

    made: int
    good: int  # nothing altered, nothing missing; the end may have been too young to be kept outside
    last: Entry | None


def checks() -> Checks:
    """Return the verifications so far."""
    rows = TrailLeaf.objects.filter(event="trail.verified")
    last = rows.order_by("-pk").first()
    return Checks(
        rows.count(),
        rows.filter(subject__in=["good", "unanchored"]).count(),
        entry_of(last) if last else None,
    )


def held(log: TrailLog) -> list[Held]:
    """
    Return the checkpoints to verify a log against.

    Those outside are read back from where they were left: what our own tables say of them proves nothing.
    """
    public = keys.load(Path(settings.TECUM_TRAIL_KEY_FILE)).public
    found = [
        Held(checkpoint(each.note, public), "in the database", outside=False) for each in checkpoints(log=log)
    ]
    for place in settings.TECUM_TRAIL_ANCHORS:
        for name, text in anchors.kept(Path(place), origin=log.origin):
            try:
                mark = checkpoint(text, public)
            except BadNote:
                continue  # a foreign file in the folder proves nothing, either way
            if mark.origin == log.origin:
                found.append(Held(mark, name, outside=True))
    return found


def seen(matter: str, within: Within) -> bool:
    """Tell whether a reader may see the entries of a matter."""
    if isinstance(within, EveryMatter) or not matter:
        return True
    return matter not in within.hidden if isinstance(within, AllBut) else matter in within


def log_of(origin: str = "") -> TrailLog | None:
    """Return the log of a name, or the open one."""
    return TrailLog.objects.filter(**({"origin": origin} if origin else {"is_open": True})).first()


def _log() -> TrailLog | None:
    return log_of()


def readable(within: Within) -> "QuerySet[TrailLeaf]":
    """Return the leaves a reader may see."""
    if isinstance(within, EveryMatter):
        return TrailLeaf.objects.all()
    if isinstance(within, AllBut):
        return (
            TrailLeaf.objects.exclude(matter__in=within.hidden) if within.hidden else TrailLeaf.objects.all()
        )
    return TrailLeaf.objects.filter(Q(matter="") | Q(matter__in=within))


def _all_there_are(within: Within) -> int:
    """Count what a reader may see without touching every entry: each log knows its size."""
    if isinstance(within, EveryMatter | AllBut):
        sealed = TrailLog.objects.aggregate(Sum("size"))["size__sum"] or 0
        hidden = within.hidden if isinstance(within, AllBut) else frozenset[str]()
        kept_back = TrailLeaf.objects.filter(matter__in=hidden).count() if hidden else 0
        return int(sealed) + TrailLeaf.objects.pending().count() - kept_back
    return readable(within).count()


def _asked(within: Within, question: Question) -> "QuerySet[TrailLeaf]":
    """Return the leaves that a question is about."""
    rows = readable(within)
    events = set(question.events)
    if question.kind is not None:
        of_kind = {name for name, line in EVENTS.items() if line.kind is question.kind}
        events = events & of_kind if events else of_kind
    for condition, wanted in (
        (events or question.kind, Q(event__in=events)),
        (question.actors, Q(actor__in=question.actors)),
        (question.matter, Q(matter=question.matter)),
        (
            question.about,
            Q(matter__in=question.about) | Q(subject__in=question.about) | Q(actor__in=question.about),
        ),
        (question.processes, Q(actor__startswith=PROCESSES)),
        (question.since, Q(at__gte=question.since)),
        (question.until, Q(at__lt=question.until)),
    ):
        rows = rows.filter(wanted) if condition else rows
    if question.receipt:
        span = rules.receipt_span(question.receipt)
        rows = rows.filter(leaf_hash__gte=span[0], leaf_hash__lte=span[1]) if span else rows.none()
    return rows


def entry_of(row: TrailLeaf) -> Entry:
    """Return an entry from its bytes; the columns beside them are only for finding it."""
    said = json.loads(bytes(row.body))
    payload = "" if "sealed" not in said else "sealed" if row.payload is not None else "destroyed"
    return Entry(
        key=row.pk,
        position=row.position,
        event=said["event"],
        kind=Kind(said["kind"]),
        at=datetime.fromisoformat(said["at"]),
        by=said["by"],
        agency=said.get("agency", ""),
        matter=said["matter"],
        data=said["data"],
        receipt=Receipt(bytes(row.leaf_hash).hex()),
        payload=payload,
        body=bytes(row.body),
    )


def _signed(row: TrailCheckpoint) -> Signed:
    return Signed(row.log.origin, row.size, bytes(row.root).hex(), row.note, row.signed_at)


def shown(value: object) -> str:
    """Return a value for the words of an event."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(shown(each) for each in value)
    return f"{value:,}" if isinstance(value, int) else str(value)
