"""Answers say why: a range of two units, an emergency nobody named a product for, a gag without an end, a civil paper."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tecum.guide.calculators import clocks, forms, retention, secrecy, summaries, turnaround
from tecum.guide.loading import load
from tecum.guide.model.guide import NotInGuide
from tecum.guide.model.process import ProcessType
from tecum.guide.model.secrecy import CustomerNotice
from tecum.guide.questions import Question
from tecum.guide.values import Span, Unit, parse_number, parse_span

ROOT = Path(__file__).parents[2]
DAY = date(2003, 9, 17)
NOON = datetime(2003, 9, 17, 16, tzinfo=UTC)
WIRELESS = load(ROOT / "guides" / "wireless-2003", DAY)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("90 minutes to 2 hours", Span(90, 120, Unit.MINUTE)),
        ("1 hour - 90 minutes", Span(60, 90, Unit.MINUTE)),
        ("10 days - 2 weeks", Span(10, 14, Unit.DAY)),
        ("18 months to 2 years", Span(18, 24, Unit.MONTH)),
        ("1 year–18 months", Span(12, 18, Unit.MONTH)),
        ("3 days - 5 days", Span(3, 5, Unit.DAY)),
        ("3-5 business days", Span(3, 5, Unit.BUSINESS_DAY)),
    ],
)
def test_a_range_of_two_units_is_read_in_the_smaller_one(text, span):
    assert parse_span(text) == span


@pytest.mark.parametrize(
    "text", ["48 hours - 3 days", "24 hours to 2 business days", "90 days - 1 year", "1 week - 1 month"]
)
def test_units_that_are_not_counted_alike_are_refused_with_what_to_write(text):
    with pytest.raises(ValueError, match=r"are not counted alike: write"):
        parse_span(text)


def test_the_bigger_number_comes_last_also_in_two_units():
    with pytest.raises(ValueError, match="whose first number is the smaller one"):
        parse_span("3 hours - 90 minutes")


def ask(requester: str = "lea", **more: str) -> Question:
    return Question(on=DAY, requester=requester, **more)


def test_an_emergency_without_a_product_is_about_the_pathway():
    answer = summaries.emergency_rules(WIRELESS, ask("psap"), emergency="disclosure", ground="danger_to_life")

    assert answer.may_ask
    assert answer.ground_counts
    assert answer.used == (WIRELESS.emergencies[0],)


@pytest.mark.parametrize(
    ("question", "emergency", "sentence"),
    [
        (ask("psap"), "surveillance", "It is only for these requesters: lea; asked for: psap."),
        (
            ask("lea", product="fraudbuster"),
            "disclosure",
            "only for these products: basic_subscriber, toll, cell_site, ping; asked for: fraudbuster.",
        ),
    ],
)
def test_an_emergency_that_does_not_apply_says_what_it_is_for(question, emergency, sentence):
    answer = summaries.emergency_rules(WIRELESS, question, emergency=emergency)

    assert not answer.may_ask
    assert sentence in answer.because


def with_notice(**more: object):
    notice = CustomerNotice(id="after", told=True, when="after_gag", **more)
    return replace(WIRELESS, customer_notices=(notice,))


@pytest.mark.parametrize("more", [{}, {"told_after": parse_span("14 days")}])
def test_under_a_gag_without_an_end_the_customer_is_not_told_until_it_is_lifted(more):
    answer = secrecy.silence(with_notice(**more), ask(process="pen_trap_order"), gag=True, starts=DAY)

    assert answer.gag == "indefinite"
    assert answer.customer_told is False
    assert answer.told_on is None
    assert answer.told_because.endswith("told once it is lifted.")


def test_when_the_gag_ends_the_customer_is_told_then():
    answer = secrecy.silence(
        with_notice(), ask(process="pen_trap_order"), gag=True, starts=DAY, duration=parse_span("30 days")
    )

    assert answer.customer_told
    assert answer.told_on == date(2003, 10, 17)


def test_every_answer_says_when_it_took_the_matter_for_a_civil_one():
    civil = ProcessType(id="civil", name="Civil subpoena", kind="civil_process")
    guide = replace(WIRELESS, process_types=(*WIRELESS.process_types, civil))
    question = ask(product="toll", process="Civil subpoena")

    answers = (
        clocks.run(guide, question, "emergency-order", NOON, {}),
        retention.verdict(guide, question, None, NOON),
        turnaround.window(load(ROOT / "guides" / "example", DAY.replace(year=2026)), ask(), NOON),
    )

    assert "Taken as a civil matter: the process is civil." in answers[0].because
    assert "Taken as a civil matter: the process is civil." in answers[1].because
    assert "civil" not in answers[2].because


def test_the_twenty_seventh_number_and_an_unknown_answer_are_faults_of_a_form():
    numbers = [f"29255501{place:02}" for place in range(27)]

    answer = forms.judge(
        WIRELESS, ask(), "Appendix C", {"numbers": numbers, "nextel_target": ["perhaps"], "date": ["today"]}
    )

    assert not answer.complete
    assert any("27 were given; at most 26." in fault for fault in answer.faults)
    assert "Nextel Target: 'perhaps' is none of: Yes; No." in answer.faults


def test_who_may_not_sign_or_send_a_form_is_said():
    answer = forms.judge(WIRELESS, ask("civil_litigant"), "exigent", {}, signer="sergeant")

    assert "'sergeant' may not sign it." in answer.faults
    assert "'civil_litigant' may not send it." in answer.faults
    assert "Target numbers: is missing." in answer.faults


def test_a_field_that_the_form_has_not_is_refused_with_what_was_meant():
    with pytest.raises(NotInGuide, match="no field 'target_nmber'. Did you mean 'target_number'"):
        forms.judge(WIRELESS, ask(), "Appendix D", {"target_nmber": ["1"]})


@pytest.mark.parametrize("text", ["12,50", "1,5", "1500,00", "1,50,000", "12.5.0", "$", "1 500"])
def test_a_comma_that_parts_no_thousands_is_refused_and_never_a_hundred_times_the_price(text):
    with pytest.raises(ValueError, match="a number such as"):
        parse_number(text)


@pytest.mark.parametrize(
    ("text", "number"), [("1,500.00", 1500), ("$ 12.50", 12.5), ("1,234,567", 1234567), (25, 25)]
)
def test_prices_are_read_as_they_are_printed(text, number):
    assert parse_number(text) == number
