"""
A subpoena of the guide of 2003 from its arrival to the package: a Fraudbuster report and a calls-to-destination search.

The switch's and the billing system's files are in the formats of that guide; every row that leaves is held against a plain reading
of their lines, with a pencil as it were: no store, no engine, no scope.
"""

import csv
import io
import zipfile
from datetime import UTC, date, datetime, timedelta

import pytest
from pypdf import PdfReader

from tecum.audit import queries as trail
from tecum.billing import operations as billing
from tecum.billing.queries import papers, recomputing
from tecum.billing.states import InvoiceState
from tecum.cases import operations as cases
from tecum.cases import queries as files
from tecum.cases.facts import Asked, Contact
from tecum.demands import operations as demands
from tecum.demands.queries import judging
from tecum.demands.states import Outcome
from tecum.jobs import long
from tecum.kernel.actors import Actor
from tecum.kernel.periods import Period
from tecum.models import DemandSearch
from tecum.process.facts import Said
from tecum.production import operations as productions
from tecum.production.rules.views import Receivers
from tecum.records import operations as records
from tecum.records.drivers import choice
from tecum_verify.bags import opened
from tecum_verify.production import verify
from tests import make
from tests.make import NOON
from tests.productions import package, signing  # noqa: F401
from tests.records import LOADER

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
TARGET, FRIEND, SHOP = "2925550142", "3925550101", "4935550177"
HOME = "marrow.example.gov"
SYSTEM = Actor.system("tests")
DAY = timedelta(days=1)
ASKED = Period(NOON - 35 * DAY, NOON - 2 * DAY)  # five days more than the fraud system keeps
PHRASE = "request to capture the incoming and outgoing call detail records thru the Fraudbuster Database"
SAID = Said(
    process="subpoena", number="GJ-26-114", signed=True, signed_by="prosecutor", signer="A. Fairlamb", issuer="Marrow County",
    issued_on=date(2026, 9, 3), entity="Nextel Communications", country="US", gag=False,
    words=f"You are commanded to produce: {PHRASE}, and a search of calls to the number named.",
)  # fmt: skip


@pytest.fixture(autouse=True)
def carrier(settings, tmp_path):
    settings.DATA = tmp_path
    settings.TECUM_RECORDS = str(tmp_path / "records")
    settings.TECUM_RECORDS_MEMORY = "500MB"
    settings.TECUM_GUIDE = str(settings.ROOT / "guides" / "wireless-2003")
    yield tmp_path
    choice.engine().close()
    choice._engine.cache_clear()


def fraud_lines():
    """Return what the fraud system heard: forty hours apart by fourteen, outgoing and incoming in turn, and strangers' calls between."""
    found = []
    for n in range(60):
        at = NOON - 28 * DAY + timedelta(hours=11 * n)
        ours, other = (TARGET, FRIEND) if n % 3 else (SHOP, FRIEND)
        end = at + timedelta(seconds=30 + n)
        found.append(
            f"{n:05}|{ours}|{other}|{'O' if n % 2 else 'I'}|{other}|{at:%Y%m%d%H%M%S}|{end:%Y%m%d%H%M%S}|{30 + n}|INT|M07|C{n}|C{n}|||"
        )
    return found


FRAUD_HEADER = "SEQ|PTN|OTHER_PARTY|DIRECTION|DIALED|SEIZED|RELEASED|SECONDS|SERVICE|MSC|FIRST_CELL|LAST_CELL|IMEI|IMSI|X"
TOLL_HEADER = "CALL_ID,ORIG_NUMBER,TERM_NUMBER,DIALED_DIGITS,CALL_START,GMT_OFFSET,AIRTIME,IN_OUT,SWITCH,CELL_SITE,CHARGE"


def toll_lines():
    """Return rated calls: to the shop from two people, from the shop, and to somebody else; local times with their offset."""
    pairs = [(TARGET, SHOP), (FRIEND, SHOP), (SHOP, FRIEND), (TARGET, FRIEND)]
    found = []
    for n in range(110):
        caller, called = pairs[n % 4]
        at = NOON - 33 * DAY + timedelta(hours=7 * n)
        local = (at - timedelta(hours=4)).strftime("%Y-%m-%d %H:%M:%S")
        found.append(f"T{n},{caller},{called},{called},{local},-04:00,{1 + n % 9},OUT,M07,C{n},0.10")
    return found


@pytest.fixture
def loaded(carrier):
    fraud, toll = fraud_lines(), toll_lines()
    (carrier / "FB_1.csv").write_text("\n".join([FRAUD_HEADER, *fraud, f"TRL|{len(fraud)}"]) + "\n")
    (carrier / "TOLL_1.csv").write_text("\n".join([TOLL_HEADER, *toll]) + "\n")
    for name, lines in (("FB_1.csv", fraud), ("TOLL_1.csv", toll)):
        report = records.load(carrier / name, by=LOADER, now=NOON)
        assert (report.rows, report.rejected) == (len(lines), 0)
    return fraud, toll


def fraud_by_pencil(lines, number, period):
    found = []
    for each in lines:
        seq, ours, _, _, _, seized, *_, msc, _, _, _, _, _ = each.split("|")
        at = datetime.strptime(seized, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        if ours == number and at in period:
            found.append(f"{msc}-{seq}")
    return found


def to_by_pencil(lines, number, period):
    found = []
    for each in lines:
        id, _, called, _, start, *_ = each.split(",")
        at = datetime.strptime(start + " -0400", "%Y-%m-%d %H:%M:%S %z").astimezone(UTC)
        if called == number and at in period:
            found.append(id)
    return found


@pytest.fixture
def officer():
    return make.acting(make.person(agency=make.agency(domain=HOME), email=f"vane@{HOME}"))


def accepted(first, officer):
    """Bring the subpoena as far as a sound process."""
    case = demands.receive(
        channel="fax", received_at=NOON, said=SAID, contact=Contact(name="Det. Vane", email=f"vane@{HOME}"),
        agency=officer.agency, people=(officer.ref,),
        targets=[
            Asked(TARGET, ASKED, "fraudbuster", words="item 1"), Asked(SHOP, ASKED, "calls_to_destination", words="item 2"),
        ],
        by=SYSTEM, now=NOON,
    ).case  # fmt: skip
    demands.take(case=case, by=first, now=NOON)
    demands.confirm(case=case, said=SAID, targets=[], by=first, now=NOON)
    demands.accept(case=case, despite="read by hand", by=first, now=NOON)
    for each in files.targets(case=case, by=first, now=NOON):
        demands.choose(
            case=case, target=each.id, holders=["unknown"], withheld=False, reason="On the bill throughout.", by=first, now=NOON
        )  # fmt: skip
    return case


def agree_to_the_fee(case, officer):
    (quote,) = files.quotes(case=case, by=SYSTEM, now=NOON)
    demands.answer_fee(
        quote=quote.id, answer=demands.Answer(True, quote.digest, "portal"), by=officer, now=NOON
    )


def unpacked(production):
    content = package(production)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return content, {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}


def rows_of(content):
    statement, head, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    return statement[0], [dict(zip(head, row, strict=True)) for row in rows]


@pytest.mark.requirement("R-103", "R-104", "R-105", "R-145")
@pytest.mark.usefixtures("signing")
def test_a_subpoena_for_a_fraud_report_and_a_destination_becomes_a_package_that_a_stranger_finds_good(
    loaded, officer, tmp_path
):
    fraud, toll = loaded
    first, second = make.analyst(), make.analyst()
    case = accepted(first, officer)

    # The fee stands before the work: nothing is scoped until the agency agreed.
    with pytest.raises(cases.GateOpen):
        demands.propose_scope(case=case, by=first, now=NOON)
    agree_to_the_fee(case, officer)

    proposal = demands.propose_scope(case=case, by=first, now=NOON)
    demands.approve_scope(proposal=proposal, by=second, now=NOON)
    search = demands.gather(case=case, by=first, now=NOON)
    assert long.search_all(lambda: NOON) == 1
    row = DemandSearch.objects.get(pk=search)
    assert row.state == "DONE"
    assert long.make_all(lambda: NOON) == 1
    content, inside = unpacked(row.production)

    tables = {name: rows_of(text) for name, text in inside.items() if name.endswith("_CDR.csv")}
    (report,) = (each for name, each in tables.items() if TARGET in name)
    (towards,) = (each for name, each in tables.items() if SHOP in name)
    kept = Period(NOON - 31 * DAY, ASKED.end)
    assert [each["Record ID"] for each in report[1]] == fraud_by_pencil(fraud, TARGET, kept)
    assert [each["Record ID"] for each in towards[1]] == to_by_pencil(toll, SHOP, ASKED)
    assert {each["Called Number"] for each in towards[1]} == {SHOP}

    # What must be said of it, and what must not be sworn to.
    assert "not a transactional record" in report[0] and "does not guarantee its accuracy" in report[0]
    assert "not a transactional record" not in towards[0]
    letters = {name: text_of(pdf) for name, pdf in inside.items() if name.endswith(".pdf")}
    sworn, _, unsworn = letters["certificate.pdf"].partition("Fileswithoutacertificate")
    assert f"{SHOP}_CDR" in sworn and f"{TARGET}_CDR" not in sworn
    assert f"{TARGET}_CDR" in unsworn and "notatransactionalrecord" in unsworn

    (tmp_path / "answer.zip").write_bytes(content)
    assert verify(opened(tmp_path / "answer.zip"))[0] == []
    released(row.production, first, second, officer)
    billed(case)


def released(production, first, second, officer):
    """Let two people release it to the officer; the demand it answers ends, and leaves what can be billed."""
    proposal = productions.propose_release(
        production=production, receivers=Receivers(people=(officer.ref,)), by=first, now=NOON
    )
    productions.approve_release(production=production, approval=proposal.id, by=second, now=NOON)
    assert demands.released(production=production, by=SYSTEM, now=NOON)


def billed(case):
    """Bill it: the accepted $50 for the number in the fraud system, $125 for the destination (R-105, R-145)."""
    clerk = make.acting(make.person("Bess Oduya", roles=["billing"]), stepped_up_at=NOON)
    billing.change(case=case, circumstances=[], address="Marrow County", reference="", by=clerk, now=NOON)
    view = billing.issue(case=case, by=clerk, now=NOON)
    assert sorted((line.fee, str(line.amount)) for line in view.lines) == [
        ("calls-to-destination", "$125.00"), ("fraudbuster", "$50.00"),
    ]  # fmt: skip
    bank = (
        f"reference,received_on,amount,currency,payer,text\nB-1,2026-09-20,175.00,USD,County,{view.number}\n"
    )
    billing.take_payments(content=bank.encode(), by=clerk, now=NOON)
    assert papers.invoice(id=view.id, by=clerk, now=NOON).state is InvoiceState.PAID
    assert [each.agrees for each in recomputing.recompute(case=case, by=clerk, now=NOON)] == [True]


def text_of(pdf):
    return "".join("".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages)


@pytest.mark.requirement("R-108")
def test_of_35_days_asked_of_a_30_day_store_the_rest_is_said_and_not_called_empty(loaded, officer):
    first, second = make.analyst(), make.analyst()
    case = accepted(first, officer)
    agree_to_the_fee(case, officer)

    proposal = demands.propose_scope(case=case, by=first, now=NOON)
    demands.approve_scope(proposal=proposal, by=second, now=NOON)

    lines = [each for each in judging.lines(case=case, by=first, now=NOON) if each.product == "fraudbuster"]
    expired = [each for each in lines if each.outcome is Outcome.EXPIRED]
    assert expired, [(each.product, each.outcome, each.period) for each in lines]
    assert min(each.period.start for each in expired) == ASKED.start
    assert max(each.period.end for each in expired) < NOON - 28 * DAY


def test_every_search_of_the_story_is_in_the_trail_with_its_rows(loaded, officer):
    first, second = make.analyst(), make.analyst()
    case = accepted(first, officer)
    agree_to_the_fee(case, officer)
    demands.approve_scope(proposal=demands.propose_scope(case=case, by=first, now=NOON), by=second, now=NOON)
    demands.gather(case=case, by=first, now=NOON)
    long.search_all(lambda: NOON)

    told = [(e.event, e.data.get("rows")) for e in trail.since(NOON - DAY) if e.event.startswith("records.")]
    answered = [rows for event, rows in told if event == "records.answered"]
    parts = [e.data["rows"] for e in trail.since(NOON - DAY) if e.event == "demand.part_answered"]
    assert sorted(answered) == sorted(parts) and all(answered)
