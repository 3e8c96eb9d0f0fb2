"""Lines in and out of text, and the one hash that an approval of them is bound to."""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from tecum.demands.rules.compiling import Line
from tecum.demands.states import Outcome
from tecum.kernel.periods import Period
from tecum.records.rules.scope import Scope


def written(lines: Iterable[Line]) -> list[dict[str, str]]:
    """Return lines as JSON knows them."""
    return [
        {
            "target": line.target,
            "product": line.product,
            "number": line.number,
            "start": line.period.start.isoformat(),
            "end": line.period.end.isoformat(),
            "clause": line.clause,
            "outcome": line.outcome.value,
            "because": line.because,
            "citation": line.citation,
            "holder": line.holder,
        }
        for line in lines
    ]


def read(said: Iterable[dict[str, Any]]) -> tuple[Line, ...]:
    """Return the lines that `written` wrote."""
    return tuple(
        Line(
            each["target"],
            each["product"],
            each["number"],
            Period(datetime.fromisoformat(each["start"]), datetime.fromisoformat(each["end"])),
            each["clause"],
            Outcome(each["outcome"]),
            each["because"],
            each["citation"],
            each["holder"],
        )
        for each in said
    )


def digest(lines: Iterable[Line], scope: Scope) -> str:
    """Return the SHA-256 of exactly what will be granted and of everything that will not, with its reasons."""
    text = json.dumps(
        [scope.json(), written(lines)], sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    return hashlib.sha256(text.encode()).hexdigest()
