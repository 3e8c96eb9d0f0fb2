"""Numbers that a slip of one key would have made of another: one digit changed, or two neighbours in the wrong order."""

from tecum.kernel import numbers


def neighbours(number: str) -> tuple[str, ...]:
    """Return every number one slip away from a number, sorted; those that nobody can have are left out."""
    found = set()
    for place, digit in enumerate(number):
        found |= {number[:place] + other + number[place + 1 :] for other in "0123456789" if other != digit}
        if place + 1 < len(number):
            found.add(number[:place] + number[place + 1] + digit + number[place + 2 :])
    return tuple(sorted(each for each in found - {number} if numbers.is_canonical(each)))
