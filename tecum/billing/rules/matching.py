"""Which invoices a payer's words name."""

import re

from tecum.billing.states import Series

NAMED = re.compile(
    rf"\b({'|'.join(each.value for each in Series)})\s*[-#:]?\s*0*(\d{{1,9}})\b", re.IGNORECASE
)

QUOTED = re.compile(r"\bQUOTE[\s-]*([0-9A-HJKMNP-TV-Z]{4})[\s-]*([0-9A-HJKMNP-TV-Z]{4})\b", re.IGNORECASE)


def named_quotes(text: str) -> list[str]:
    """Return the quotes that a text names by their reference, each once."""
    return list(dict.fromkeys(f"QUOTE-{one}-{two}".upper() for one, two in QUOTED.findall(text)))


def named_numbers(text: str) -> list[tuple[Series, int]]:
    """Return the invoices that a text names by series and number, each once; a bare number names none."""
    found = [(Series(series.upper()), int(number)) for series, number in NAMED.findall(text)]
    return list(dict.fromkeys(found))
