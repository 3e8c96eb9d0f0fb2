"""
Bar D1: a 25-number look-up (quota, consent, disclosure records, trail) against the trivial page with one number.

At least 0.3 of its rate; p99 at most 4 times p50; through gunicorn with two workers, both in turn in one run.

    python -m benchmarks.lookup --officers 400
    python -m tests.postgres python -m benchmarks.lookup --officers 400
"""

import argparse
import http.client
import secrets
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.house import served, settle

FOLDER = settle("d1")
TOKEN = secrets.token_hex(16)
CONNECTIONS = 4
NUMBERS = 100_000
Answered = list[float]


def main() -> int:
    """Set up, measure both in turn, print the ratios; exit 1 when a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--officers", type=int, default=400, help="each asks 25 numbers once (default %(default)s)"
    )
    options = parser.parse_args()
    sessions = seed(options.officers)
    with served() as port:
        rates, looks = measure(port, sessions)
    ratio = statistics.median(rates)
    spread = percentile(looks, 0.99) / percentile(looks, 0.5)
    print(f"D1 rate of 25-number look-ups / trivial page: {ratio:.2f} (bar: at least 0.3)")
    print(
        f"D1 p99 / p50 of the look-ups: {spread:.2f} (bar: at most 4); p50 {percentile(looks, 0.5) * 1000:.1f} ms"
    )
    return 0 if ratio >= 0.3 and spread <= 4 else 1


def seed(officers: int) -> list[str]:
    """Make a carrier with consented numbers and officers who are signed in; return their session keys."""
    import django

    django.setup()
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.core.management import call_command

    from tecum.accounts import operations as accounts
    from tecum.config import clock
    from tecum.inventory import operations as inventory
    from tecum.models import Person
    from tecum.secrecy.drivers import keyring
    from tecum.web.sign_in.middleware import VISIT
    from tests import make

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    keyring.create(Path(settings.TECUM_SEALING_KEY_FILE))  # the documents of consents are sealed
    now = clock.now()
    before = now - timedelta(days=90)
    for place in range(20):
        make.customer(f"C-{place}", now=before)
        make.consent(f"C-{place}", now=before)
    path = FOLDER / "numbers.csv"
    start = 2926000000
    rows = (
        f"{start + at * 10},{start + at * 10 + 9},C-{at % 20},{date(2020, 1, 1 + at % 28)}"
        for at in range(NUMBERS // 10)
    )
    path.write_text("number,number_to,customer_id,in_service_date\n" + "\n".join(rows) + "\n")
    inventory.load_snapshot(path, by=make.ROOT, now=now, max_change=1.0)
    agency = make.agency(now=before)
    keys = []
    for _ in range(officers):
        person = Person.objects.get(pk=make.officer(at=agency, now=before).id)
        session = SessionStore()
        session[SESSION_KEY] = person.pk
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = person.get_session_auth_hash()
        session[VISIT] = accounts.open_visit(person=person.pk, factor="totp", now=now)
        session.create()
        keys.append(session.session_key or "")
    return keys


def measure(port: int, sessions: list[str]) -> tuple[list[float], Answered]:
    """Send both kinds in turn, in four slices of the officers; return the ratios of the rates and all look-up times."""
    rates, looks = [], []
    quarter = len(sessions) // 4
    phase(port, sessions[:8], trivial)
    for turn in range(4):
        part = sessions[turn * quarter : (turn + 1) * quarter]
        rate, times = phase(port, part, look_up)
        base, _ = phase(port, part, trivial)
        rates.append(rate / base)
        looks += times
    return rates, looks


def phase(port: int, sessions: list[str], ask) -> tuple[float, Answered]:
    """Let four connections send one request per session; return requests per second and each one's time."""
    slices = [sessions[place::CONNECTIONS] for place in range(CONNECTIONS)]

    def run(part: list[str]) -> Answered:
        client = http.client.HTTPConnection("127.0.0.1", port)
        times = []
        for key in part:
            began = time.perf_counter()
            ask(client, key)
            times.append(time.perf_counter() - began)
        return times

    began = time.perf_counter()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        found = [each for times in pool.map(run, slices) for each in times]
    return len(found) / (time.perf_counter() - began), found


def look_up(client: http.client.HTTPConnection, key: str) -> None:
    """Send 25 numbers as the page does."""
    start = 2926000000 + secrets.randbelow(NUMBERS - 1000)
    given = {
        "csrfmiddlewaretoken": TOKEN,
        "case": "MC-26-1",
        "attest": "on",
        "numbers": "\n".join(str(start + step * 37) for step in range(25)),
        "submission": secrets.token_hex(16),
    }
    send(client, key, "POST", "/look-up/", urlencode(given), 302)


def trivial(client: http.client.HTTPConnection, key: str) -> None:
    """Ask for the trivial page."""
    send(client, key, "GET", "/bench/trivial/", None, 200)


def send(
    client: http.client.HTTPConnection, key: str, method: str, path: str, body: str | None, wanted: int
) -> None:
    """Send one request with a session and require its status."""
    headers = {
        "Cookie": f"sessionid={key}; csrftoken={TOKEN}",
        "Content-Type": "application/x-www-form-urlencoded",
        "Connection": "keep-alive",
    }
    client.request(method, path, body, headers)
    answer = client.getresponse()
    text = answer.read()
    if answer.status != wanted:
        raise SystemExit(f"{method} {path} answered {answer.status}: {text[:500]!r}")


def percentile(times: Answered, share: float) -> float:
    """Return the time that a share of the requests did not exceed."""
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


if __name__ == "__main__":
    raise SystemExit(main())
