"""A report is derived from the trail, kept with its hash, derived again by whoever doubts it, and certified by an officer."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction

from tecum.accounts import operations as accounts
from tecum.audit import operations as audit
from tecum.cases import operations as cases
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours, Refused
from tecum.lookup import operations as lookup
from tecum.models import CoverageDay, Report, TrailLeaf
from tecum.reports import operations as reports
from tecum.reports import queries
from tecum.reports.rules.spans import BadPeriod
from tecum.reports.states import Name, ReportState
from tests import make
from tests.make import NOON, acting
from tests.productions import case as production_case
from tests.productions import signing  # noqa: F401
from tests.trails import lift_guards

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
JOBS = Actor.system("jobs")
LATER = datetime(2026, 10, 2, 15, tzinfo=UTC)  # September is over
NEXT_YEAR = datetime(2027, 1, 5, 15, tzinfo=UTC)
CASE = lookup.Purpose("MC-26-004417", attested=True)


@pytest.fixture(autouse=True)
def example(settings):
    settings.TECUM_GUIDE = "example"


@pytest.fixture
def counsel():
    return acting(make.person("Vera Colm", roles=["counsel"]), stepped_up_at=LATER)


@pytest.fixture
def officer_of_the_carrier():
    return acting(make.person("Hale Orrin", roles=["certifying_officer"]), stepped_up_at=NEXT_YEAR)


@pytest.fixture
def asked(numbers):
    """Let an officer find two numbers and miss one, in September."""
    make.customer("C-XYZ", name="XYZ Voice LLC")
    make.consent("C-XYZ")
    numbers({"2925550142": ("C-XYZ", date(2022, 6, 1)), "2925550143": ("C-XYZ", date(2022, 6, 1))})
    by = acting(make.officer())
    text = "2925550142\n2925550143\n2925550144"
    return lookup.run(text=text, purpose=CASE, submission="one", door="page", by=by, now=NOON)


def made(name, counsel, period="2026-09", now=LATER):
    return reports.make(name=name, period=period, by=counsel, now=now)


def demand(*, outcome="produced", now=NOON, seal_by=None):
    found = make.legal_case(numbers=["2925550142"], received_at=now, now=now)
    if seal_by is not None:
        cases.seal(case=found.id, people=[seal_by.ref, make.analyst().ref], by=seal_by, now=now)
    if outcome:
        cases.close(case=found.id, outcome=outcome, by=JOBS, now=now)
    return found


def rows(view, title):
    return {row[0]: row[1:] for one in view.content.tables if one.title == title for row in one.rows}


@pytest.mark.requirement("R-036")
def test_the_share_of_look_ups_that_were_found_comes_from_the_trail_alone(asked, counsel):
    view = made("hit-rate", counsel)

    assert view.content.lead == "Of 3 numbers that officers asked, 2 were found: 66.7 %."
    assert view.state is ReportState.MADE
    assert view.digest == view.content.digest()


def test_the_register_tells_every_answer_and_every_production_by_month_and_agency(asked, counsel, signing):  # noqa: F811
    produced = production_case()
    produced.handed()

    view = made("disclosures", counsel)

    assert (
        view.content.lead
        == "3 instances of disclosure: 2 numbers answered in 1 look-ups, 1 productions handed over."
    )
    assert rows(view, "By month")["2026-09"] == ("1", "2", "1", "3")
    lines = reports.export(report=view.id, form="csv", what="lines", by=counsel, now=LATER).content.decode()
    assert asked.reference in lines
    assert "2925550142" not in lines
    assert dict(view.content.facts)["Consents given"] == "1"


def test_what_was_told_again_from_the_same_entries_agrees_whatever_happened_since(asked, counsel):
    view = made("disclosures", counsel)
    demand()
    by = acting(make.officer())
    lookup.run(
        text="2925550142", purpose=CASE, submission="two", door="page", by=by, now=NOON + timedelta(days=1)
    )

    compared = reports.again(report=view.id, by=counsel, now=LATER)

    assert compared.agrees
    assert compared.digest == view.digest
    fresh = made("disclosures", counsel)
    assert (fresh.digest != view.digest, fresh.id != view.id) == (True, True)


@pytest.mark.sabotage("control 9")
def test_a_figure_that_somebody_edits_in_the_database_does_not_agree(asked, counsel):
    view = made("hit-rate", counsel)
    row = Report.objects.get(pk=view.id)
    row.content["lead"] = "Of 3 numbers that officers asked, 3 were found: 100.0 %."
    row.save()

    compared = reports.again(report=view.id, by=counsel, now=LATER)

    assert not compared.agrees
    assert "other figures" in compared.why
    assert queries.report(id=view.id, by=counsel, now=LATER).agrees is False


@pytest.mark.sabotage("control 9")
def test_an_entry_that_somebody_edits_in_the_trail_does_not_agree(asked, counsel):
    view = made("hit-rate", counsel)
    leaf = TrailLeaf.objects.get(event="lookup.answered")
    with transaction.atomic():
        lift_guards()
        TrailLeaf.objects.filter(pk=leaf.pk).update(body=bytes(leaf.body).replace(b'"hits":2', b'"hits":3'))

    assert not reports.again(report=view.id, by=counsel, now=LATER).agrees


def test_a_sealed_case_is_in_no_report_until_its_seal_ends(counsel):
    before = made("transparency", counsel)
    demand(seal_by=make.analyst())
    sealed = made("transparency", counsel)
    demand()

    assert sealed.content == before.content
    assert rows(made("transparency", counsel), "By process type")["Together"][0] in {"1", "fewer than 5"}


def test_a_small_count_of_the_example_is_not_told(counsel):
    for _ in range(6):
        demand()
    demand(outcome="refused")

    whole = rows(made("transparency", counsel), "By process type")["Together"]

    assert whole[4] == "fewer than 5"


@pytest.mark.parametrize(("name", "period", "why"), [("transparency", "2026-10", "is not over"), ("weather", "2026-09", "There is no report")])  # fmt: skip
def test_a_report_that_cannot_be_is_refused_with_a_sentence(name, period, why, counsel):
    with pytest.raises(reports.CannotMake, match=why):
        made(name, counsel, period)
    with pytest.raises(BadPeriod):
        made("transparency", counsel, "Michaelmas")

    assert not Report.objects.exists()


def test_a_guide_that_counts_nothing_stops_the_report_and_says_so(counsel, settings, tmp_path):
    make.agency()  # something is in the trail
    folder = tmp_path / "silent"
    folder.mkdir()
    text = '[guide]\nname = "silent"\nversion = "1"\neffective_from = 2026-01-01\n[carrier]\nname = "Silent"\nzone = "America/New_York"\n'
    (folder / "guide.toml").write_text(text)
    settings.TECUM_GUIDE = str(folder)

    with pytest.raises(reports.CannotMake, match="counting rules"):
        made("transparency", counsel)

    assert Report.objects.get().state == ReportState.STOPPED


def test_whoever_may_not_read_reports_finds_none(asked, counsel):
    view = made("hit-rate", counsel)
    stranger = acting(make.officer())

    for act in (
        lambda: queries.report(id=view.id, by=stranger, now=LATER),
        lambda: reports.ask(name="hit-rate", period="2026-09", by=stranger, now=LATER),
        lambda: reports.again(report=view.id, by=stranger, now=LATER),
        lambda: reports.export(report=view.id, form="csv", by=stranger, now=LATER),
    ):
        with pytest.raises(NotYours):
            act()


def test_the_jobs_make_what_is_asked_for_what_is_due_and_count_the_day_once(asked, counsel):
    view = reports.ask(name="coverage", period="2026-09", by=counsel, now=LATER)
    assert reports.ask(name="coverage", period="2026-09", by=counsel, now=LATER).id == view.id

    reports.step(clock=lambda: LATER, by=JOBS)
    reports.step(clock=lambda: LATER + timedelta(hours=1), by=JOBS)
    reports.ask_again(report=view.id, by=counsel, now=LATER)
    reports.step(clock=lambda: LATER + timedelta(hours=1), by=JOBS)

    assert queries.report(id=view.id, by=counsel, now=LATER).agrees
    assert CoverageDay.objects.count() == TrailLeaf.objects.filter(event="coverage.counted").count() == 1
    counted = TrailLeaf.objects.get(event="coverage.counted")
    assert b'"consented":2' in bytes(counted.body)
    # Half a year began before anything was in the trail and is over: the clock asked for nothing of it.
    assert set(Report.objects.values_list("name", flat=True)) == {"coverage"}


def test_the_clock_asks_for_the_reports_of_the_guide_once_their_period_is_over(asked):
    audit.seal(now=NOON)

    assert reports.ask_due(by=JOBS, now=NEXT_YEAR) == 2
    assert reports.ask_due(by=JOBS, now=NEXT_YEAR) == 0

    assert set(Report.objects.values_list("name", "period")) == {
        (Name.DISCLOSURES, "2026"),
        (Name.TRANSPARENCY, "2026-H2"),
    }


def test_an_officer_certifies_a_years_register_that_agrees_and_nothing_else(asked, officer_of_the_carrier):
    by, now = officer_of_the_carrier, NEXT_YEAR
    view = made("disclosures", by, "2026", now)
    words = {
        "title": "Vice President",
        "procedures": "As the guide says.",
        "brokers": "None.",
        "complaints": "None.",
    }
    said = {"report": view.id, "digest": view.digest, "by": by, "now": now, **words}

    with pytest.raises(reports.CannotCertify, match="Derive it again"):
        reports.certify(**said)
    reports.again(report=view.id, by=by, now=now)
    with pytest.raises(reports.CannotCertify, match="not the content you were shown"):
        reports.certify(**{**said, "digest": "0" * 64})
    with pytest.raises(reports.CannotCertify, match="nothing"):
        reports.certify(**{**said, "brokers": " "})
    certified = reports.certify(**said)
    with pytest.raises(reports.CannotCertify, match="already"):
        reports.certify(**said)

    assert certified.certificate.officer_name == "Hale Orrin"
    leaf = TrailLeaf.objects.get(event="report.certified")
    assert certified.certificate.receipt == bytes(leaf.leaf_hash).hex()
    assert "adequate to ensure compliance" in certified.certificate.statement
    month = made("disclosures", by, "2026-09", now)
    reports.again(report=month.id, by=by, now=now)
    with pytest.raises(reports.CannotCertify, match="of a year"):
        reports.certify(**{**said, "report": month.id, "digest": month.digest})


def test_counsel_cannot_certify_and_a_suspended_officer_neither(asked, counsel, officer_of_the_carrier):
    by, now = officer_of_the_carrier, NEXT_YEAR
    view = made("disclosures", by, "2026", now)
    reports.again(report=view.id, by=by, now=now)
    words = {
        "title": "Vice President",
        "procedures": "As the guide says.",
        "brokers": "None.",
        "complaints": "None.",
    }
    said = {"report": view.id, "digest": view.digest, "now": now, **words}

    with pytest.raises(NotYours):
        reports.certify(by=counsel, **said)
    accounts.suspend_person(person=by.ref.removeprefix("person:"), reason="left", by=make.ROOT, now=now)
    with pytest.raises(Refused, match="suspended"):
        reports.certify(by=by, **said)


def test_a_report_waits_until_everything_of_its_period_has_its_seal(asked, counsel, monkeypatch):
    monkeypatch.setattr(audit, "seal", lambda *, now: 0)

    with pytest.raises(reports.CannotMake, match="wait for their seal"):
        made("hit-rate", counsel)

    assert Report.objects.get().state == ReportState.WAITING
