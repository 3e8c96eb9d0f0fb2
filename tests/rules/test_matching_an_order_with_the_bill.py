"""The customer information of an order is held against the bill: scored, explained, never silently (R-113 to R-115)."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tecum.guide.model.subscribers import Matching
from tecum.kernel.periods import Period
from tecum.records.rules.addresses import addresses
from tecum.records.rules.likeness import names
from tecum.records.rules.matching import Claim, Device, Held, Standing, Verdict, judge

TERMS = Matching()
YES, ASK, NO = Verdict.MATCHES, Verdict.NEEDS_PERSON, Verdict.DOES_NOT_MATCH


def day(number: int) -> datetime:
    return datetime(2026, 9, number, tzinfo=UTC)


WEEK = Period(day(1), day(8))
IMEI, OTHER_IMEI, IMSI = "490154203237518", "356938035643809", "316010123456789"
BILL = Held(
    "A-1",
    "SMITH, JOHN Q",
    "123 N Main St Apt 4, Springfield IL 62701",
    Period(day(1), day(30)),
    (Device(IMEI, IMSI, Period(day(1), day(30))),),
)


def judged(bill: Held | list[Held] = BILL, **order):
    held = bill if isinstance(bill, list) else [bill]
    return judge(Claim("2925550142", **order), held, period=WEEK, terms=TERMS)


def standing(match, field):
    return next(each.standing for each in match.fields if each.field == field)


SAME_NAMES = [
    ("John Smith", "SMITH, JOHN"),
    ("John Smith", "SMITH JOHN"),
    ("John Q. Smith", "John Smith"),
    ("John and Mary Smith", "John Smith"),
    ("José Núñez", "JOSE NUNEZ"),
    ("Hans Müller", "Hans Mueller"),
    ("Søren Łukasz", "Soren Lukasz"),
    ("Maria De La Cruz", "MARIA DELACRUZ"),
    ("O'Brien, Pat", "Pat OBrien"),
    ("Mary-Jane Watson", "Mary Jane Watson"),
    ("Acme Corp.", "ACME CORPORATION"),
    ("Acme Towing", "Acme Towing, L.L.C."),
    ("Smith & Sons Plumbing", "SMITH AND SONS PLUMBING INC"),
    ("Sunny Cafe", "Rivera Holdings LLC d/b/a Sunny Cafe"),
    ("Dr. John Smith", "John Smith"),
    ("Ｊｏｈｎ Ｓｍｉｔｈ", "John Smith"),
]
DOUBTFUL_NAMES = [
    ("Jon Smyth", "John Smith"),
    ("Bob Smith", "Robert Smith"),
    ("J. Smith", "John Smith"),
    ("Smith", "John Smith"),
    ("John Smith Jr.", "John Smith"),
    ("J\u043ehn Smith", "John Smith"),  # a Cyrillic o
    ("John\u200b Smith", "John Smith"),
]
OTHER_NAMES = [
    ("Jane Smith", "John Smith"),
    ("John Smith Jr.", "John Smith Sr."),
    ("Acme Towing LLC", "Zenith Towing LLC"),
    ("Inc", "LLC"),
    ("???", "John Smith"),
    ("123 N Main St", "John Smith"),
]


@pytest.mark.parametrize(("order", "bill"), SAME_NAMES)
def test_the_same_name_written_otherwise_agrees(order, bill):
    assert names(order, bill).score >= TERMS.agrees


@pytest.mark.parametrize(("order", "bill"), DOUBTFUL_NAMES)
def test_a_name_that_may_be_another_is_for_a_person_and_says_why(order, bill):
    found = names(order, bill)

    assert TERMS.disagrees <= found.score < TERMS.agrees
    assert found.notes


@pytest.mark.parametrize(("order", "bill"), OTHER_NAMES)
def test_another_name_disagrees_and_says_why(order, bill):
    found = names(order, bill)

    assert found.score < TERMS.disagrees
    assert found.notes


ADDRESSES = [
    (
        YES,
        "123 N. Main St., Apt 4, Springfield IL 62701",
        "123 North Main Street #4\nSpringfield, Illinois 62701-1234",
    ),
    (YES, "123 Main St", "123 Main Street, Springfield IL 62701"),
    (YES, "P.O. Box 12, Reston VA 20191", "PO BOX 12 RESTON VIRGINIA 20191"),
    (YES, "500 5th Ave 5th Floor New York NY 10110", "500 Fifth Avenue Fl 5, New York, New York 10110"),
    (YES, "c/o Smith\n12 Oak Ln Boise ID 83702", "12 Oak Lane, Boise, ID 83702"),
    (YES, "100 King St W, Toronto ON M5X 1A9", "100 King Street West Toronto Ontario M5X1A9 Canada"),
    (YES, "1 Rue de l'Église, Québec QC G1A 1A1", "1 RUE DE L'EGLISE QUEBEC QC G1A1A1"),
    (ASK, "123 Main Ave Springfield", "123 Main St Springfield"),
    (ASK, "12 Oak Ln Boise ID 83702", "12 Oka Ln Boise ID 83702"),
    (ASK, "12 Oak Ln Apt 4 Boise ID 83702", "12 Oak Ln Apt 5 Boise ID 83702"),
    (ASK, "12 Oak Ln Boise ID 83702", "12 Oak Ln Boise ID 83799"),
    (ASK, "12 \u041eak Ln Boise", "12 Oak Ln Boise"),  # a Cyrillic O
    (NO, "132 Main St", "123 Main St"),
    (NO, "123 N Main St Springfield", "123 S Main St Springfield"),
    (NO, "P.O. Box 12 Reston", "P.O. Box 21 Reston"),
    (NO, "---", "123 Main St"),
]


@pytest.mark.parametrize(("verdict", "order", "bill"), ADDRESSES)
def test_addresses_however_they_are_written(verdict, order, bill):
    found = addresses(order, bill)

    expected = YES if found.score >= TERMS.agrees else NO if found.score < TERMS.disagrees else ASK
    assert expected is verdict
    assert verdict is YES or found.notes


@pytest.mark.requirement("R-113", "R-115")
def test_an_order_whose_customer_information_agrees_matches():
    match = judged(
        name="John Smith", address="123 North Main Street, Springfield, IL 62701", imei=IMEI, imsi=IMSI
    )

    assert match.verdict is YES
    assert match.account == "A-1"
    assert match.for_agency == ()
    assert len(match.says) == 4


@pytest.mark.requirement("R-115")
def test_another_subscriber_does_not_match_and_the_agency_is_not_told_whose_number_it_is():
    match = judged(name="Jane Doe", address="9 Elm Ct, Peoria IL 61602")

    assert match.verdict is NO
    told = " ".join(match.for_agency)
    assert "subscriber's name" in told
    assert "billing address" in told
    assert not any(word in told.lower() for word in ("smith", "main", "springfield", "62701"))


@pytest.mark.requirement("R-113")
def test_what_the_order_does_not_know_is_said_and_does_not_count():
    match = judged(name="John Smith")

    assert match.verdict is YES
    assert standing(match, "address") is Standing.NOT_GIVEN
    assert "The order does not give the billing address." in match.says


def test_an_order_with_nothing_but_the_number_is_for_a_person():
    match = judged()

    assert match.verdict is ASK
    assert "nothing that could be compared" in match.says[-1]


@pytest.mark.requirement("R-113")
def test_a_number_that_nobody_had_then_does_not_match():
    match = judged([], name="John Smith")

    assert match.verdict is NO
    assert "no subscriber of (292) 555-0142" in match.says[0]


def test_nobody_known_in_a_time_without_lists_is_no_answer():
    match = judge(
        Claim("2925550142", name="John Smith"), [], period=WEEK, terms=TERMS, known=[Period(day(5), day(8))]
    )

    assert match.verdict is ASK
    assert "No subscriber list covers 2026-09-01 00:00 to 2026-09-05 00:00 UTC." in match.says


@pytest.mark.requirement("R-110")
def test_a_number_that_changed_hands_in_the_time_of_the_order_stops_for_a_person():
    before = Held("A-0", "Ann Jones", "4 Elm Ct", Period(day(1), day(4)))
    after = Held("A-1", "John Smith", "5 Oak Ln", Period(day(4), day(30)))

    match = judged([before, after], name="John Smith", address="5 Oak Lane")

    assert match.verdict is ASK
    assert match.account == "A-1"
    assert "2 subscribers" in match.says[0]


def test_name_and_address_in_each_others_place_are_noticed():
    match = judged(name="123 North Main Street Apt 4 Springfield IL 62701", address="John Smith")

    assert match.verdict is ASK
    assert "where the address belongs" in match.says[0]


def test_a_right_name_at_another_address_is_for_a_person():
    match = judged(name="John Smith", address="9 Elm Ct, Peoria IL 61602")

    assert match.verdict is ASK


@pytest.mark.requirement("R-114")
@pytest.mark.parametrize(
    ("imei", "expected"),
    [
        (IMEI, Standing.AGREES),
        ("49-015420-323751-8", Standing.AGREES),
        ("4901542032375101", Standing.AGREES),  # with a software version instead of the check digit
        ("490154203237510", Standing.AGREES),  # 0 as check digit
        (OTHER_IMEI, Standing.DISAGREES),
        ("49015420323751", Standing.AGREES),
        ("1234", Standing.UNREADABLE),
        ("forty-nine", Standing.UNREADABLE),
        ("４９０１５４２０３２３７５１８", Standing.UNREADABLE),
    ],
)
def test_a_handset_is_told_by_fourteen_digits(imei, expected):
    assert standing(judged(name="John Smith", imei=imei), "imei") is expected


def test_another_handset_is_for_a_person_another_card_is_another_line():
    assert judged(name="John Smith", imei=OTHER_IMEI).verdict is ASK
    assert judged(name="John Smith", imsi="316010999999999").verdict is NO


def test_a_handset_of_another_time_on_the_same_line_is_said():
    devices = (Device(IMEI, "", Period(day(1), day(9))), Device(OTHER_IMEI, "", Period(day(9), day(30))))
    bill = Held("A-1", "John Smith", "", Period(day(1), day(30)), devices)

    match = judged(bill, name="John Smith", imei=OTHER_IMEI)

    assert match.verdict is ASK
    assert any("not in the time that the order names" in text for text in match.says)


WORDS = st.text(max_size=40)
NAME = st.lists(
    st.sampled_from(["anna", "john", "lee", "garcia", "smith", "okafor", "núñez"]),
    min_size=2,
    max_size=4,
    unique=True,
)


@given(WORDS, WORDS, WORDS, WORDS)
def test_no_text_breaks_the_judgement_and_no_verdict_is_without_reasons(name, address, imei, imsi):
    match = judged(name=name, address=address, imei=imei, imsi=imsi)

    assert match.says
    assert all(each.score is None or 0 <= each.score <= 100 for each in match.fields)
    if match.verdict is YES:
        assert standing(match, "name") is Standing.AGREES


@given(WORDS, WORDS)
def test_likeness_does_not_depend_on_the_side(a, b):
    assert names(a, b).score == names(b, a).score
    assert addresses(a, b).score == addresses(b, a).score


@given(NAME, st.randoms())
def test_order_case_and_marks_of_a_name_do_not_matter(parts, random):
    other = list(parts)
    random.shuffle(other)

    assert names(" ".join(parts), " ".join(other).upper()).score >= TERMS.agrees


@given(st.text(min_size=1, max_size=60))
def test_a_longer_and_longer_text_is_bounded(text):
    names(text * 1000, text * 999)
    addresses(text * 1000, text * 999)


@given(WORDS.filter(str.strip), WORDS.filter(str.strip))
def test_worse_terms_never_turn_a_refusal_into_a_match(a, b):
    strict = judge(
        Claim("2925550142", name=a),
        [Held("A", b, "", WEEK)],
        period=WEEK,
        terms=Matching(agrees=100, disagrees=99),
    )

    if strict.verdict is YES:
        assert (
            judge(Claim("2925550142", name=a), [Held("A", b, "", WEEK)], period=WEEK, terms=TERMS).verdict
            is YES
        )
