"""
Reading a number as a switch wrote it: the plain form of what the store's SQL does to millions, and the words for what it refuses.

A test holds the two against each other. What a *person* types is read by `kernel.numbers` alone.
"""

import re

from tecum.guide.model.records import NumberPlan
from tecum.kernel.numbers import is_canonical

ABROAD = r"[2-9][0-9]{5,14}"
SHORT = r"[0-9]{3,6}"


def party(text: str, plan: NumberPlan) -> str | None:
    """Return the party that a text stands for, empty for one that is not known, or None for what cannot be read."""
    found = text.strip()
    if found.upper() in {word.upper() for word in plan.nobody}:
        return ""
    for front in plan.strip:
        found = found.removeprefix(front)
    plus = found.startswith("+")
    if not re.fullmatch(r"\+?\(?[0-9][0-9 ().-]*", found):
        return None
    digits = re.sub(r"[^0-9]", "", found)
    if plus:
        return _abroad(digits)
    for front in plan.international:
        if digits.startswith(front) and len(digits) > len(front) + 5:
            return _abroad(digits[len(front) :])
    return _plain(digits, plan)


def _abroad(digits: str) -> str | None:
    if digits.startswith("1"):
        return digits[1:] if is_canonical(digits[1:]) else None
    return f"+{digits}" if re.fullmatch(ABROAD, digits) else None


def _plain(digits: str, plan: NumberPlan) -> str | None:
    if plan.country_code == "always":
        return digits if re.fullmatch(SHORT, digits) else _abroad(digits)
    if is_canonical(digits):
        return digits
    if plan.country_code == "either" and digits.startswith("1") and is_canonical(digits[1:]):
        return digits[1:]
    if len(digits) == 7 and plan.home_area and is_canonical(plan.home_area + digits):
        return plan.home_area + digits
    return digits if re.fullmatch(SHORT, digits) else None
