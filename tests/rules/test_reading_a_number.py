"""A number as people type it: one value, or one reason (decision A1)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tecum.kernel import numbers

SPELLINGS = [
    "2925550142",
    "12925550142",
    "+12925550142",
    "292-555-0142",
    "(292) 555-0142",
    "(292)555-0142",
    "292.555.0142",
    "292 555 0142",
    "1-292-555-0142",
    "1 (292) 555-0142",
    "+1 (292) 555-0142",
    "+1.292.555.0142",
    "+1-292-555-0142",
    "  2925550142  ",
    "292\u2013555\u20130142",  # en dash
    "292\u2014555\u20140142",  # em dash
    "292\u2010555\u20100142",  # hyphen
    "292\u2011555\u20110142",  # non-breaking hyphen
    "292\u00a0555\u00a00142",  # no-break space
    "292\u202f555\u202f0142",  # narrow no-break space
    "292\u2009555\u20090142",  # thin space
    "292\u3000555\u30000142",  # ideographic space
    "\uff12\uff19\uff12\uff15\uff15\uff15\uff10\uff11\uff14\uff12",  # full-width digits
    "\uff08292\uff09555-0142",  # full-width brackets
    "\uff0b1 292 555 0142",  # full-width plus
    "292\t555\t0142",
    "292 - 555 - 0142",
    "2 9 2 5 5 5 0 1 4 2",
    "(292)-555-0142",
    "+1(292)5550142",
]

MALFORMED = {
    "": "There is no number on this line.",
    "   ": "There is no number on this line.",
    "292-555-O142": "Where the seventh digit should be stands the letter O. We do not guess.",
    "292555014": "A number has 10 digits, or 11 beginning with 1; this line has 9.",
    "29255501422": "A number has 10 digits, or 11 beginning with 1; this line has 11.",
    "+2925550142": "After + only the country code 1 (United States and Canada) can be looked up.",
    "+44 20 7946 0000": "After + only the country code 1 (United States and Canada) can be looked up.",
    "192-555-0142": "The area code cannot begin with 1.",
    "092-555-0142": "The area code cannot begin with 0.",
    "292-155-0142": "The exchange (the fourth digit) cannot begin with 1.",
    "292-555-0142 x12": "The character x cannot be part of a number.",
    "=2925550142": "The character = cannot be part of a number.",
    "292\u200b5550142": "A hidden character (U+200B) stands in this line.",
    "292+5550142": "A + can stand only once, before the country code.",
    "\u0662\u0669\u06625550142": "The character \u0662 cannot be part of a number.",
}


@pytest.mark.requirement("R-032")
@pytest.mark.parametrize("typed", SPELLINGS)
def test_thirty_spellings_are_one_number(typed):
    assert numbers.read(typed) == "2925550142"


@pytest.mark.requirement("R-032")
@pytest.mark.parametrize(("typed", "reason"), MALFORMED.items())
def test_a_malformed_line_is_told_why(typed, reason):
    with pytest.raises(numbers.NotANumber) as refusal:
        numbers.read(typed)

    assert refusal.value.reason == reason


def test_the_offending_character_is_pointed_at():
    with pytest.raises(numbers.NotANumber) as refusal:
        numbers.read("392-555-O171")

    assert refusal.value.at == 8


@given(st.text(max_size=40))
def test_any_text_gives_ten_valid_digits_or_a_reason(text):
    try:
        digits = numbers.read(text)
    except numbers.NotANumber as refusal:
        assert refusal.reason.endswith(".")
    else:
        assert numbers.is_canonical(digits)
        assert numbers.read(numbers.grouped(digits)) == digits
