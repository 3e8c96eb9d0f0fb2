"""
D2: the queue of legal demands and one case with 500 events, at 100,000 cases: under 200 ms, against a page that asks nothing.

    python -m benchmarks.demands --cases 100000
    python -m tests.postgres python -m benchmarks.demands --cases 100000
"""

import argparse
import http.client
import os
import random
import re
import statistics
import subprocess
import sys
import time
from datetime import date, datetime, timedelta
from typing import Any

from benchmarks.house import served, settle

FOLDER = settle("d2")
BAR = 200.0  # ms
STATES = ("PRODUCED",) * 84 + ("WITHDRAWN",) * 6 + ("REFUSED",) * 3 + ("RECEIVED", "IN_REVIEW", "IN_REVIEW", "DEFICIENT", "SCOPED", "OBJECTED", "ROUTED")  # fmt: skip
OVER = {"PRODUCED", "WITHDRAWN", "REFUSED", "ROUTED"}
EVENTS = 500
AT_ONCE = 5_000
BUSY = "agencyofalargecity00000000"  # one of fifty demands is its


def main() -> int:
    """Set up, measure each page in turn with the trivial one, print; exit 1 when a bar is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cases", type=int, default=100_000, help="(default %(default)s)")
    parser.add_argument("--rounds", type=int, default=25, help="requests of each page (default %(default)s)")
    options = parser.parse_args()
    session, pages, reference = seed(options.cases)
    if os.environ.get("TECUM_BENCH_EXPLAIN"):
        return explain(session, pages)
    with served() as port:
        found = measure(port, session, pages, options.rounds)
    base = statistics.median(found.pop("trivial"))
    print(f"{options.cases:,} cases; the trivial page: {base:.1f} ms")
    missed = 0
    for name, times in found.items():
        middle = statistics.median(times)
        missed += middle > BAR
        worst = sorted(times)[int(len(times) * 0.95)]
        print(f"{name:<34}{middle:7.1f} ms   p95 {worst:7.1f} ms   {middle / base:5.1f} × the trivial page")
    print(f"bar: {BAR:.0f} ms, missed by {missed}; the case with {EVENTS} events is {reference}")
    return 1 if missed else 0


def seed(cases: int) -> tuple[str, dict[str, str], str]:
    """Make one whole case with its events, and copies of its rows; return a session, the pages, and the case's reference."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from tecum.config import clock
    from tests import make
    from tests.records import TARGET

    subprocess.run([sys.executable, "-m", "tecum", "keys", "create"], check=True, stdout=subprocess.DEVNULL)
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    now = clock.now()
    desk = [make.analyst(now=now) for _ in range(20)]
    case = whole(desk[0], TARGET, now=now)
    reference = copies(case, cases, [each.ref for each in desk], now=now)
    if (
        connection.vendor == "postgresql"
    ):  # which does so by itself after a while; the embedded database does not
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    session = signed_in(desk[0].ref, now=now)
    queue = "/demands/"
    pages = {
        "trivial": "/bench/nothing/",
        "queue, by what is due": queue,
        "queue, mine": f"{queue}?owner={desk[0].ref}",
        "queue, nobody's": f"{queue}?owner=nobody",
        "queue, all, by age": f"{queue}?state=all&sort=oldest",
        "queue, all, 5,000 down": f"{queue}?state=all&from=5000",
        "queue, late": f"{queue}?due=late",
        "queue, one reference": f"{queue}?state=all&find={reference}",
        "board of 72 hours": f"{queue}next-72-hours/",
        "all cases": "/desk/cases/",
        "work orders": "/desk/work-orders/",
        f"a case, {EVENTS} events, review": f"{queue}{case}/",
        f"a case, {EVENTS} events, file": f"/desk/cases/{case}/",
    }
    return session, pages, reference


def whole(analyst: Any, number: str, *, now: datetime) -> str:
    """Bring one demand to review through the operations that people use, with notes until its trail has 500 events."""
    from tecum.cases import operations as cases
    from tecum.cases import queries as files
    from tecum.cases.facts import Asked, Contact
    from tecum.demands import operations as demands
    from tecum.kernel.periods import Period
    from tecum.models import LegalCase
    from tecum.policy import queries as policy
    from tecum.process.facts import Said
    from tests.searches import SYSTEM

    kind = next(each.id for each in policy.at(now).process_types if "subpoena" in each.id)
    said = Said(
        process=kind, number="GJ-26-114", signed=True, signer="A. Fairlamb", issued_on=date(2026, 9, 3), country="US",
        issuer="Marrow County",
    )  # fmt: skip
    span = Period(now - timedelta(days=40), now - timedelta(days=10))
    product = next(each.id for each in policy.at(now).products if each.answered_by == "calls")
    got = demands.receive(
        channel="fax", received_at=now, said=said, contact=Contact(name="Det. Vane", email="vane@agency.example.gov"),
        targets=[Asked(f"{number[:-2]}{place:02}", span, product) for place in range(40, 48)], by=SYSTEM, now=now,
    )  # fmt: skip
    LegalCase.objects.filter(pk=got.case).update(agency=BUSY)
    demands.take(case=got.case, by=analyst, now=now)
    demands.confirm(case=got.case, said=said, targets=[], by=analyst, now=now)
    mine = files.case(case=got.case, by=analyst, now=now)
    for place in range(EVENTS):
        cases.add_note(case=mine.id, text=f"Note {place} of a long case.", by=analyst, now=now)
    return mine.id


def copies(case: str, count: int, owners: list[str], *, now: datetime) -> str:
    """Copy the rows of one case with other ids, states, owners, agencies and times, as a desk has them; return one reference."""
    from tecum.kernel import ids
    from tecum.models import Demand, LegalCase, Matter, Received

    rng = random.Random(7)
    home = LegalCase.objects.get(pk=case)
    matter, received = Matter.objects.get(pk=home.matter), Received.objects.get(case=home)
    demand = Demand.objects.get(case=home)
    reference = home.reference
    for begun in range(0, count, AT_ONCE):
        made: list[list[Any]] = [[], [], [], []]
        for _ in range(min(AT_ONCE, count - begun)):
            state = rng.choice(STATES)
            at = now - timedelta(hours=rng.randrange(1, 24 * 900 if state in OVER else 24 * 40))
            due = (
                None
                if state in OVER | {"DEFICIENT", "OBJECTED"}
                else now + timedelta(hours=rng.randrange(-60, 480))
            )
            key = copied(matter, id=ids.unguessable(), sealed=rng.random() < 0.01)
            closed = (
                {"state": "CLOSED", "closed_at": at, "closed_by": owners[0], "outcome": "done"}
                if state in OVER
                else {}
            )
            each = copied(
                home, id=ids.unguessable(), reference=ids.reference("LD"), matter=key.pk, received_at=at, due_at=due,
                agency=BUSY if rng.random() < 0.02 else f"agency{rng.randrange(2000):020}", contact_print="",
                owner="" if state == "RECEIVED" else rng.choice(owners), **closed,
            )  # fmt: skip
            came = copied(received, id=ids.unguessable(), case_id=each.pk, received_at=at, number_print="")
            undo = {"undo_until": at, "was": "IN_REVIEW"} if state == "WITHDRAWN" else {}
            work = copied(
                demand,
                id=ids.unguessable(),
                case_id=each.pk,
                received_id=came.pk,
                matter=key.pk,
                state=state,
                **undo,
            )
            for place, row in enumerate((key, each, came, work)):
                made[place].append(row)
            reference = each.reference
        for model, rows in zip((Matter, LegalCase, Received, Demand), made, strict=True):
            model.objects.bulk_create(rows, batch_size=500)
    return reference


def copied(row: Any, **other: Any) -> Any:
    """Return an unsaved copy of a row with some columns of its own."""
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return type(row)(**values | other)


def signed_in(ref: str, *, now: datetime) -> str:
    """Return the key of a session in which somebody has just given password and code."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from tecum.accounts import operations as accounts
    from tecum.models import Person
    from tecum.web.sign_in.middleware import VISIT

    person = Person.objects.get(pk=ref.partition(":")[2])
    session = SessionStore()
    session[SESSION_KEY] = person.pk
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session[VISIT] = accounts.open_visit(person=person.pk, factor="totp", now=now)
    session.create()
    return session.session_key or ""


def measure(port: int, session: str, pages: dict[str, str], rounds: int) -> dict[str, list[float]]:
    """Ask for every page in turn, so that what else the machine does falls on all of them; return milliseconds."""
    client = http.client.HTTPConnection("127.0.0.1", port)
    found: dict[str, list[float]] = {name: [] for name in pages}
    for turn in range(rounds + 2):
        for name, address in pages.items():
            began = time.perf_counter()
            client.request("GET", address, headers={"Cookie": f"sessionid={session}"})
            answer = client.getresponse()
            text = answer.read()
            took = (time.perf_counter() - began) * 1000
            if answer.status != 200:
                raise SystemExit(f"{address} answered {answer.status}: {text[:500]!r}")
            if turn > 1:  # the first two find cold caches in each worker
                found[name].append(took)
    return found


def explain(session: str, pages: dict[str, str]) -> int:
    """Print for each page how many questions the database was asked, and the slow ones."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(SERVER_NAME="127.0.0.1")
    client.cookies["sessionid"] = session
    for name, address in pages.items():
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            began = time.process_time()
            client.get(address)
            took = (time.process_time() - began) * 1000
        print(f"{name}: {len(asked)} questions, {took:.1f} ms of processor")
        for each in sorted(asked.captured_queries, key=lambda each: -float(each["time"]))[:4]:
            print(
                f"    {float(each['time']) * 1000:6.1f} ms  {re.sub(r'SELECT .*? FROM', 'SELECT … FROM', each['sql'])[:420]}"
            )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
