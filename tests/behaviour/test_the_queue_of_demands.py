"""The queue is read along indexes, page by page; what it shows is what a plain walk over every demand would (D2, control 8)."""

import importlib
import random
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tecum.demands import queries
from tecum.demands.queries import Filter
from tecum.demands.states import OPEN, WAITS_FOR_AGENCY
from tecum.kernel import ids
from tecum.models import Demand, LegalCase, Matter, NeedToKnow, Received
from tests import make
from tests.make import NOON
from tests.sizes import size

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
STATES = ["PRODUCED"] * 12 + [
    "RECEIVED",
    "IN_REVIEW",
    "SCOPED",
    "DEFICIENT",
    "OBJECTED",
    "WITHDRAWN",
    "REFUSED",
]
LATEST = NOON + timedelta(days=400)


def copied(row, **other):
    return type(row)(
        **{field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields} | other
    )


def desk_of(count, owners, *, seed=3):
    """Fill a desk with demands of every state, owner, due time and age; some sealed, some of them with the reader on the list."""
    rng, made = random.Random(seed), make.legal_case(agency="agency-a")
    home, matter = LegalCase.objects.get(pk=made.id), Matter.objects.get(pk=made.matter)
    for _ in range(count):
        state = rng.choice(STATES)
        busy = state in {"RECEIVED", "IN_REVIEW", "SCOPED"}
        key = copied(matter, id=ids.unguessable(), sealed=rng.random() < 0.2)
        case = copied(
            home, id=ids.unguessable(), reference=ids.reference("LD"), matter=key.pk, agency=rng.choice(["agency-a", "agency-b"]),
            received_at=NOON - timedelta(hours=rng.randrange(90)), owner=rng.choice(["", *owners]),
            due_at=NOON + timedelta(hours=rng.randrange(-40, 200)) if busy and rng.random() < 0.9 else None,
        )  # fmt: skip
        received = Received(case=case, channel="fax", received_at=case.received_at, entered_at=NOON, entered_by="x", guide_version="1", said=b"")  # fmt: skip
        undo = {"undo_until": NOON, "was": "IN_REVIEW"} if state == "WITHDRAWN" else {}
        for row in (
            key,
            case,
            received,
            Demand(case=case, received=received, matter=key.pk, state=state, **undo),
        ):
            row.save(force_insert=True)
        if key.sealed and rng.random() < 0.5:
            NeedToKnow.objects.create(matter=key, reader=owners[0], given_at=NOON, given_by="x")


def plain(by, narrowed):
    """Return the cases that the queue has to hold, in its order, by looking at every one."""
    listed = set(NeedToKnow.objects.filter(reader=by.ref, ended_at=None).values_list("matter", flat=True))
    sealed = set(Matter.objects.filter(sealed=True).values_list("pk", flat=True)) - listed
    rows = [row for row in Demand.objects.select_related("case") if row.matter not in sealed]
    groups = {"open": OPEN, "agency": WAITS_FOR_AGENCY}
    if narrowed.state != "all":
        rows = [row for row in rows if row.state in groups.get(narrowed.state, {narrowed.state})]
    if narrowed.owner:
        rows = [
            row for row in rows if row.case.owner == ("" if narrowed.owner == "nobody" else narrowed.owner)
        ]
    if narrowed.agency:
        rows = [row for row in rows if row.case.agency == narrowed.agency]
    if narrowed.due:
        limit = NOON + (timedelta(hours=72) if narrowed.due == "72h" else timedelta())
        rows = [row for row in rows if row.case.due_at and row.case.due_at < limit]
    oldest = sorted(
        sorted(rows, key=lambda row: row.case_id, reverse=True), key=lambda row: row.case.received_at
    )
    if narrowed.order == "oldest":
        rows = oldest
    else:
        rows = oldest[::-1]
        if narrowed.order == "due":
            due = [row for row in rows if row.case.due_at]
            due.sort(key=lambda row: (row.case.due_at, row.case_id))
            waits = oldest if narrowed.state in groups else rows  # of what is open what waits longest
            rows = due + [row for row in waits if not row.case.due_at]
    return [row.case_id for row in rows]


@pytest.mark.parametrize("along", [True, False], ids=["along the indexes", "from the demands"])
def test_every_page_of_every_filter_is_what_a_plain_walk_finds(along, monkeypatch):
    reader, other = make.analyst(), make.analyst()
    desk_of(size(ci=90, proof=600), [reader.ref, other.ref])
    if not along:
        asked = importlib.import_module("tecum.demands.queries.queue").Asked
        monkeypatch.setattr(asked, "_along", lambda *_: False)

    for state in ("open", "agency", "all", "PRODUCED", "WITHDRAWN", "RECEIVED"):
        for order in ("due", "received", "oldest"):
            for more in (
                {},
                {"owner": "nobody"},
                {"owner": other.ref},
                {"agency": "agency-b"},
                {"due": "late"},
                {"due": "72h"},
            ):
                narrowed = Filter(state=state, order=order, **more)
                found, offset = [], 0
                while True:
                    page = queries.queue(by=reader, now=NOON, narrowed=narrowed, offset=offset, limit=7)
                    found += [line.case for line in page.lines]
                    offset += 7
                    if not page.more:
                        break

                assert found == plain(reader, narrowed), narrowed


def test_the_counts_are_those_of_a_plain_walk_and_count_nothing_that_is_sealed_to_the_reader():
    reader, other = make.analyst(), make.analyst()
    desk_of(80, [reader.ref, other.ref], seed=5)

    for by in (reader, other, make.acting(make.person(roles=["order_administrator"]))):
        told = queries.counts(by=by, now=NOON)

        seen = queries.queue(by=by, now=NOON, narrowed=Filter(state="all"), limit=500).lines
        assert told == {
            state: sum(line.state == state for line in seen) for state in {line.state for line in seen}
        }


def test_however_many_demands_there_are_a_page_asks_the_same_number_of_questions():
    reader = make.analyst()
    desk_of(20, [reader.ref])
    with CaptureQueriesContext(connection) as few:
        queries.queue(by=reader, now=NOON)
    desk_of(60, [reader.ref], seed=8)

    with CaptureQueriesContext(connection) as many:
        queries.queue(by=reader, now=NOON)

    assert len(many) <= len(few) <= 8


def test_who_owns_only_what_is_sealed_is_not_named_and_who_may_work_always_is():
    reader, other = make.analyst(), make.analyst()
    left = "person:who-left"
    made = make.legal_case()
    LegalCase.objects.filter(pk=made.id).update(owner=left)
    assert left in queries.owners(by=reader, now=NOON)

    Matter.objects.filter(pk=made.matter).update(sealed=True)

    assert left not in queries.owners(by=reader, now=NOON)
    assert {reader.ref, other.ref} <= set(queries.owners(by=reader, now=NOON))
