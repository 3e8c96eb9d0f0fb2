"""
Telephone numbers: the one canonicaliser (decision A1, assurance control 15).

Only numbers of the North American Numbering Plan, NXX-NXX-XXXX with N from 2 to 9, kept everywhere
as ten digits. Nothing is guessed: a letter O is not a zero.
"""

import re
import unicodedata

NANP = re.compile(r"[2-9]\d{2}[2-9]\d{6}", re.ASCII)
DIGITS = 10
LOOK_ALIKES = {
    "O": "the letter O",
    "o": "the letter o",
    "I": "the letter I",
    "l": "the letter l",
    "S": "the letter S",
    "B": "the letter B",
}
ORDINALS = (
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
)


class NotANumber(ValueError):
    """What is wrong with a line, as a sentence; `at` is the index of the offending character, or None."""

    def __init__(self, reason: str, at: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.at = at


def read(text: str) -> str:
    """
    Return the ten digits of a number as a person typed it.

    Allowed beside digits: every Unicode space and dash, `( ) . +`, and a country code `1` or `+1`.

    :raises NotANumber: with a reason for the person and the place of the first offending character
    """
    if is_canonical(text):
        return text
    digits, plus = _digits(text)
    if not digits:
        raise NotANumber("There is no number on this line.")
    if plus and not digits.startswith("1"):
        raise NotANumber(
            "After + only the country code 1 (United States and Canada) can be looked up.", text.find("+")
        )
    if len(digits) == DIGITS + 1 and digits.startswith("1"):
        digits = digits[1:]
    elif len(digits) != DIGITS or plus:
        raise NotANumber(
            f"A number has {DIGITS} digits, or 11 beginning with 1; this line has {len(digits)}."
        )
    if not NANP.fullmatch(digits):
        part, digit = (
            ("area code", digits[0]) if digits[0] in "01" else ("exchange (the fourth digit)", digits[3])
        )
        raise NotANumber(f"The {part} cannot begin with {digit}.")
    return digits


def _digits(text: str) -> tuple[str, bool]:
    """Collect the digits, and whether a + stands before them; refuse every character that is not allowed."""
    digits: list[str] = []
    plus = False
    for at, typed in enumerate(text):
        for character in unicodedata.normalize("NFKC", typed):
            if character in "0123456789":
                digits.append(character)
            elif character == "+":
                if digits or plus:
                    raise NotANumber("A + can stand only once, before the country code.", at)
                plus = True
            elif not _separates(character):
                raise NotANumber(_offence(character, len(digits)), at)
    return "".join(digits), plus


def _separates(character: str) -> bool:
    return character in "().\t" or unicodedata.category(character) in {"Zs", "Pd"}


def _offence(character: str, digits_before: int) -> str:
    if character in LOOK_ALIKES and digits_before < len(ORDINALS):
        return f"Where the {ORDINALS[digits_before]} digit should be stands {LOOK_ALIKES[character]}. We do not guess."
    if character.isprintable():
        return f"The character {character} cannot be part of a number."
    return f"A hidden character (U+{ord(character):04X}) stands in this line."


def is_canonical(digits: str) -> bool:
    """Tell whether a text is already ten digits of a valid number; the fast path of bulk files."""
    return NANP.fullmatch(digits) is not None


def grouped(number: str) -> str:
    """Return `(292) 555-0142` for `2925550142`, for people to read."""
    return f"({number[:3]}) {number[3:6]}-{number[6:]}"
