"""The checklist that the guide makes for a process: what is met, what is not, and the wording to copy."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tecum.guide.loading import load
from tecum.kernel.periods import Period
from tecum.process.facts import Said
from tecum.process.rules.checklist import Aim, examined, letter, missing
from tecum.process.rules.likeness import WITHIN, Marks, Sign, alike

ROOT = Path(__file__).resolve().parents[2] / "guides"
WIRELESS = load(ROOT / "wireless-2003", date(2003, 9, 1))
EXAMPLE = load(ROOT / "example", date(2026, 9, 8))
THEN, NOON = datetime(2003, 9, 8, 16, tzinfo=UTC), datetime(2026, 9, 8, 16, tzinfo=UTC)
WORDS = "request to capture the incoming and outgoing call detail records thru the Fraudbuster Database"
AUGUST = Period(datetime(2003, 8, 20, 4, tzinfo=UTC), datetime(2003, 9, 5, 4, tzinfo=UTC))
GOOD = Said(
    process="subpoena", number="GJ-1", issued_on=date(2003, 9, 2), signed=True, gag=False, words=WORDS
)


def fraud_report() -> str:
    return next(
        rule.products[0] for rule in WIRELESS.requirements for one in rule.words if one.names == "Fraudbuster"
    )


def judged(said: Said, *aims: Aim):
    return examined(WIRELESS, said, aims, channel="fax", received_at=THEN)


def named(findings, code: str):
    return [each for each in findings if each.code == code]


AIM = Aim("(292) 555-0142", "2925550142", fraud_report(), AUGUST)


@pytest.mark.requirement("R-110")
@pytest.mark.parametrize(
    ("aim", "lacks"),
    [
        (replace(AIM, period=None), "It lacks the time frame."),
        (replace(AIM, number="5550142"), "It lacks the number with its area code."),
        (replace(AIM, number="", period=None), "It lacks the number with its area code and the time frame."),
    ],
)
def test_a_number_without_its_area_code_or_time_frame_is_a_deficiency_with_the_wording_to_copy(aim, lacks):
    (finding,) = named(judged(GOOD, aim), "target")

    assert (finding.met, finding.sentence) == (False, lacks)
    assert "from [date and time] to [date and time]" in finding.wording


@pytest.mark.requirement("R-110")
def test_a_process_that_names_no_number_at_all_is_told_what_to_write():
    (finding,) = named(judged(GOOD), "target")

    assert finding.met is False and "area code" in finding.sentence


@pytest.mark.requirement("R-106", "R-107")
@pytest.mark.parametrize(
    ("words", "met", "hard"),
    [
        (WORDS, True, False),
        (WORDS.upper().replace("THRU", "through"), True, False),
        ("all Fraudbuster records please", False, False),
        ("all incoming and outgoing calls", False, True),
    ],
)
def test_the_required_words_are_compared_as_a18_says(words, met, hard):
    (finding,) = named(judged(replace(GOOD, words=words), AIM), "words")

    assert (finding.met, finding.hard) == (met, hard)
    assert met or finding.wording


@pytest.mark.sabotage("control 7")
def test_without_the_comparison_a_paper_that_names_nothing_would_pass(monkeypatch):
    monkeypatch.setattr("tecum.guide.calculators.process.compared", lambda _text: "")

    (finding,) = named(judged(replace(GOOD, words="all incoming and outgoing calls"), AIM), "words")

    assert finding.met is True


@pytest.mark.parametrize(
    ("changed", "code", "sentence"),
    [
        ({"signed": False}, "signature", "It is not signed."),
        ({"issued_on": None}, "date", "It bears no date."),
        ({"issued_on": date(2003, 9, 9)}, "date", "after the day it was received"),
        ({"return_on": date(2003, 9, 1)}, "return_date", "had passed already"),
        ({"entity": "Somebody Else Wireless, Inc."}, "entity", "is no company that the guide knows"),
        ({"process": "ukase"}, "process_type", "There is no process type"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(changed, code, sentence):
    found = named(judged(replace(GOOD, **changed), AIM), code)

    assert [each.met for each in found] == [False] and sentence in found[0].sentence


def test_what_nobody_looked_at_is_neither_met_nor_missing():
    found = examined(WIRELESS, Said(), [], channel="fax", received_at=THEN)

    unlooked = {each.code for each in found if each.met is None}
    assert {"process_type", "entity", "signature", "gag"} <= unlooked


def test_who_must_have_signed_is_the_guides():
    said = Said(process="court_order", issued_on=date(2026, 9, 2), signed=True, gag=False)

    def of(by: str):
        found = examined(EXAMPLE, replace(said, signed_by=by), [], channel="email", received_at=NOON)
        return named(found, "signature")[0].met

    assert [of("judge"), of("Judge"), of("detective"), of("")] == [True, True, False, None]


def test_a_kind_of_process_that_is_too_weak_names_what_would_be_enough():
    weak = Said(process="civil_subpoena", issued_on=date(2026, 9, 2), signed=True, gag=False)
    aim = Aim(
        "x", "2925550142", "cdr", Period(datetime(2026, 4, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC))
    )

    (rung,) = named(examined(EXAMPLE, weak, [aim], channel="email", received_at=NOON), "ladder")

    assert rung.met is False and "subpoena" in rung.sentence and rung.citation == "18 USC 2703(c)(2)"


def test_a_time_frame_that_begins_after_receipt_is_said():
    future = Period(datetime(2003, 10, 1, tzinfo=UTC), datetime(2003, 11, 1, tzinfo=UTC))

    assert named(judged(GOOD, replace(AIM, period=future)), "future")[0].met is False


def test_the_letter_says_each_thing_once_with_each_wording_once():
    twice = [replace(AIM, period=None), replace(AIM, period=None)]

    sentences, wordings = letter(missing(judged(GOOD, *twice)), note=" Please call. ")

    assert len(sentences) == len(set(sentences)) and sentences[-1] == "Please call."
    assert len(wordings) == len(set(wordings))


def test_two_papers_are_alike_by_number_content_or_the_same_numbers_of_one_agency():
    one = Marks(NOON, "a1", "n", frozenset({"p"}), frozenset({"t", "u"}))

    assert alike(one, one) == (Sign.PROCESS_NUMBER, Sign.PAPER, Sign.NUMBERS)
    assert alike(one, Marks(NOON, "a1", "", frozenset(), frozenset({"t"}))) == ()
    assert alike(one, Marks(NOON, "", "", frozenset(), frozenset({"t", "u"}))) == ()
    assert alike(one, Marks(NOON + WITHIN * 2, "a1", "", frozenset(), frozenset({"t", "u"}))) == ()
    assert alike(Marks(NOON, "a1"), Marks(NOON, "a1")) == ()


@pytest.mark.requirement("R-015")
def test_which_companies_are_ours_is_a_list_in_the_guide():
    another = replace(WIRELESS.entities[0], id="another", name="Another Operating Company, Inc.", aliases=())
    more = replace(WIRELESS, entities=(*WIRELESS.entities, another))

    def of(guide):
        said = replace(GOOD, entity="another operating company, inc.")
        return named(examined(guide, said, (AIM,), channel="fax", received_at=THEN), "entity")[0].met

    assert (of(WIRELESS), of(more)) == (False, True)


@pytest.mark.requirement("R-160")
@pytest.mark.parametrize(
    ("company", "met"),
    [("Nextel Communications", False), ("Nextel Partners", True), ("nextel partners, inc.", True)],
)
def test_process_for_a_partners_market_must_name_the_partner(company, met):
    said = replace(GOOD, entity=company, region="GA", city="Albany")

    (finding,) = named(judged(said, AIM), "entity")

    assert finding.met is met
    assert met or (
        "must be addressed to Nextel Partners" in finding.sentence and "Nextel Partners" in finding.wording
    )


@pytest.mark.requirement("R-113")
@pytest.mark.parametrize(("number", "met"), [("2925550142", True), ("5550142", False), ("", False)])
def test_a_court_order_must_hold_the_number_with_its_area_code(number, met):
    said = replace(GOOD, process="pen_trap_order", signed_by="judge")

    (finding,) = named(judged(said, Aim("one", number, "surveillance")), "target")

    assert finding.met is met


@pytest.mark.requirement("R-118", "R-119", "R-123", "R-124")
@pytest.mark.parametrize(
    ("fact", "detail", "words"),
    [
        ("beyond_jurisdiction", "beyond_jurisdiction", "beyond the jurisdiction"),
        ("changing_handset", "changing_handset", "changing handsets or the PTN"),
        ("existing_surveillance", "added_switches", "switches to be added"),
        ("early_termination", "early_termination", "terminate before the authorised expiration"),
    ],
)
def test_what_fits_only_some_orders_is_lacking_in_those_alone(fact, detail, words):
    order = replace(GOOD, process="pen_trap_order", signed_by="judge")
    aim = Aim("one", "2925550142", "surveillance")

    def lacks(facts, details):
        found = judged(replace(order, facts=facts, details=details), aim)
        return any(words in each.sentence for each in found if each.met is False)

    assert [lacks((), ()), lacks((fact,), ()), lacks((fact,), (detail,))] == [False, True, False]


@pytest.mark.requirement("R-113", "R-114", "R-118", "R-121")
def test_a_court_order_for_a_surveillance_is_asked_for_its_details_and_for_no_interval():
    said = Said(
        process="title_iii_order", signed=True, signed_by="judge", issued_on=date(2003, 9, 16), gag=True,
        entity="Nextel Communications", details=("statutes", "expiration"), facts=("beyond_jurisdiction",),
    )  # fmt: skip

    found = examined(
        WIRELESS, said, [Aim("one", "2925550142", "surveillance")], channel="fax",
        received_at=datetime(2003, 9, 17, 15, tzinfo=UTC),
    )  # fmt: skip

    unmet = [each.sentence for each in found if each.met is False]
    assert any(
        "dial-up number (in writing; letterhead or a fax cover sheet is enough)" in each for each in unmet
    )
    assert any("beyond the jurisdiction" in each for each in unmet)
    assert not any("time frame" in each or "IMEI" in each or "statutes" in each for each in unmet)
    assert any(each.title == "Number: one" and each.met for each in found)
