"""What an officer hands in is taken in once for each key, however often it is sent; its papers follow, and once too."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db import IntegrityError, transaction

from tecum.access.rules import require
from tecum.accounts import operations as accounts
from tecum.accounts import queries as people
from tecum.audit import operations as audit
from tecum.cases import operations as cases
from tecum.cases import queries as files
from tecum.demands.models import DemandSubmission
from tecum.demands.rules import submitting as rules
from tecum.inbox.drivers.reader import Reader
from tecum.kernel import ids
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import Refused
from tecum.process import operations as process
from tecum.process import queries as received_queries
from tecum.process.drivers import papers
from tecum.process.facts import Brought
from tecum.process.queries import ReceivedView
from tecum.process.rules.checklist import Finding
from tecum.secrecy import operations as secrecy

Door = Literal["portal", "api"]


class CannotSubmit(Refused):
    """What was handed in cannot be taken as it stands; `faults` says which part and why, sentence by sentence."""

    def __init__(self, faults: list[tuple[str, str]]) -> None:
        super().__init__(" ".join(sentence for _, sentence in faults))
        self.faults = faults


class DoorShut(Refused):
    """The guide does not name this channel, or not for this process (A17)."""


class KeyUsed(Refused):
    """The key stands for something else that the same person handed in."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """
    What became of it: the case's number, a sentence for each paper of which something could not be made.

    `repeated`: this key was answered before, and nothing was taken in twice. `mailed_to` is empty where the number
    could be told only here.
    """

    case: str
    reference: str
    received_at: datetime
    findings: tuple[Finding, ...]
    told: tuple[str, ...]
    mailed_to: str
    repeated: bool


@dataclass(frozen=True, slots=True)
class Handing:
    """
    Something handed in: `content` is everything that makes it this one and no other.

    `take_in` receives it, inside the transaction of its key, and writes its event with the id of the submission;
    `may_come` refuses before, but never what was taken in already.
    """

    content: bytes
    papers: Callable[[], tuple[Brought, ...]]
    take_in: Callable[[str], ReceivedView]
    may_come: Callable[[], None] = lambda: None


def once(handing: Handing, *, door: Door, key: str, by: Actor, now: datetime) -> Submitted:
    """
    Take in what an officer hands in; the same key again returns what it was answered with.

    The case stands before its papers are read: whatever a paper does to the reader, nothing is lost. Who died in
    between sends it again under the same key, and the papers follow, once.

    :raises NotYours: for anybody but an officer of a vetted agency
    :raises CannotSubmit: for a key that is none
    :raises KeyUsed: when the key stands for something else
    """
    require(by, "demand.submit", now=now)
    if not rules.SHORTEST_KEY <= len(key) <= rules.LONGEST_KEY:
        raise CannotSubmit([("key", f"A key has {rules.SHORTEST_KEY} to {rules.LONGEST_KEY} characters.")])
    mark = secrecy.fingerprint(handing.content, purpose="submission")
    known = _known(key, by)
    if known is None:
        handing.may_come()
        try:
            with transaction.atomic():
                _take_in(handing, door, key, mark, by=by, now=now)
        except IntegrityError:  # the same key at the same moment: whoever was first is answered
            if _known(key, by) is None:
                raise
    row = DemandSubmission.objects.get(person=by.ref, key=key)
    if row.mark != mark:
        raise KeyUsed(f"This was handed in already, with other content: it is case {_reference(row)}.")
    told = _keep(row, handing.papers(), by=by, now=now, again=known is not None)
    return _answer(row, told, repeated=known is not None, now=now)


def _known(key: str, by: Actor) -> DemandSubmission | None:
    return DemandSubmission.objects.filter(person=by.ref, key=key, case__isnull=False).first()


def _take_in(handing: Handing, door: Door, key: str, mark: str, *, by: Actor, now: datetime) -> None:
    accounts.stand(by=by, now=now)
    row = DemandSubmission(id=ids.unguessable(), person=by.ref, key=key, mark=mark, door=door, at=now)
    row.save(force_insert=True)
    got = handing.take_in(row.pk)
    DemandSubmission.objects.filter(pk=row.pk).update(received=got.id, case=got.case)
    _tell(got, door, by=by, now=now)


def _tell(got: ReceivedView, door: Door, *, by: Actor, now: datetime) -> None:
    """Mail the case's number to the officer; where the agency names others for this subject, the answer here tells it."""
    clerk = Actor.system(door)
    me = people.person(id=by.ref.removeprefix("person:"), by=clerk, now=now)
    try:
        with transaction.atomic():
            process.tell_number(received=got.id, to=me.email, by=clerk, now=now)
    except (cases.OutsideRegister, process.CannotAnswer):
        process.record_answer(received=got.id, how=door, by=clerk, now=now)


def _keep(
    row: DemandSubmission, brought: tuple[Brought, ...], *, by: Actor, now: datetime, again: bool
) -> tuple[str, ...]:
    """Put the papers into the case, once: of two who send the same at the same moment, one keeps them."""
    if row.papers_at is not None or row.case_id is None or not brought:
        return ()
    clerk = Actor.system(row.door)
    matter = files.case(case=row.case_id, by=clerk, now=now).matter
    with Reader() as reader:
        taken = [
            papers.of_upload(each.content, each.name, matter=matter, source=f"{row.pk}/{place}", reader=reader)
            for place, each in enumerate(brought, 1)
        ]  # fmt: skip
    with transaction.atomic():
        mine = DemandSubmission.objects.filter(pk=row.pk, papers_at=None).update(papers_at=now)
        if mine:
            process.keep_papers(received=row.received_id or "", papers=taken, by=clerk, now=now)
            if again:
                audit.record(
                    "demand.papers_followed", by=by, at=now, matter=matter, submission=row.pk, case=row.case_id,
                    papers=len(taken),
                )  # fmt: skip
    return tuple(f"{each.name}: {said}" for each in taken if (said := papers.told(each)))


def _answer(row: DemandSubmission, told: tuple[str, ...], *, repeated: bool, now: datetime) -> Submitted:
    clerk = Actor.system(row.door)
    got = received_queries.received(id=row.received_id or "", by=clerk, now=now)
    home = files.case(case=got.case, by=clerk, now=now)
    return Submitted(
        case=got.case, reference=got.reference, received_at=got.received_at,
        findings=received_queries.checklist(received=got.id, by=clerk, now=now), told=told,
        mailed_to=home.contact.email if got.answered_how == "mail" else "", repeated=repeated,
    )  # fmt: skip


def _reference(row: DemandSubmission) -> str:
    return row.case.reference if row.case else ""
