"""What the words of a letter suggest about an emergency: by the words of the guide, which a carrier writes as it likes (R-094)."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tecum.exigent.rules import reading
from tecum.guide.loading import load
from tecum.guide.model.emergency import Ground
from tecum.guide.model.words import Words

ROOT = Path(__file__).resolve().parents[2]
GUIDE = load(ROOT / "guides" / "wireless-2003", date(2003, 9, 1))
SILENT = Words()


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("call me back at (492) 555-0110", True), ("Call us on 492-555-0110", True), ("Desk phone number is: 492 555 0110", True),
        ("tel. 4925550110", True), ("Fax # (492) 555-0110", True), ("switchboard: 492.555.0110", True),
        ("the phone of the man who took her: call her mother. 492-555-0110", False), ("locate 492-555-0110", False),
        ("his number is (492) 555-0110", False), ("target (492) 555-0110", False),
    ],
)  # fmt: skip
def test_a_number_behind_a_word_for_the_writers_telephone_is_no_target(text, own):
    assert (reading.own_numbers(text, SILENT) == ("4925550110",)) is own


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("an interception, or eavesdropping", ("title_iii",)), ("wiretaps", ("title_iii",)), ("Title\nIII", ("title_iii",)),
        ("installation of a trap and trace or pen-register", ("pen_register", "trap_and_trace")), ("location", ()),
    ],
)  # fmt: skip
def test_the_types_of_a_surveillance_are_read_from_the_words_for_them(text, found):
    assert reading.types([text], SILENT) == found


def test_a_carrier_may_call_all_of_it_otherwise():
    guide = replace(GUIDE, mail=replace(GUIDE.mail, words=replace(
        SILENT, dispatchers=("control room",), title_iii=("écoute",), own_number=("ring",), dispatch_service=("walkie talkie",),
    )))  # fmt: skip

    said = reading.of_letter("County control room, ring 492-555-0110: écoute of 292-555-0142, wiretap", guide)

    assert (said.requester, said.phone, said.types) == ("psap", "4925550110", ("title_iii",))
    assert said.targets == ("2925550142",)
    assert list(reading.services(["Walkie-talkie", "dispatch"], guide.mail.words)) == [
        "dispatch",
        "interconnect",
    ]


def test_a_ground_is_suggested_by_words_of_the_guide_besides_its_label():
    said = reading.of_letter("A threat to life: she was kidnapped.", GUIDE)

    assert said.grounds == ("danger_to_life",)
    assert reading.of_letter("the mob runs it", GUIDE).grounds == ()


def test_a_ground_whose_words_would_find_everything_is_a_mistake_of_the_guide():
    (sentence,) = Ground(id="a", label="b", words=("*",)).faults()

    assert sentence.startswith("words holds '*'")
