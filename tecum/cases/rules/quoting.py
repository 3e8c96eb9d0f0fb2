"""What a quote says, as JSON, and the one hash that its acceptance is bound to."""

import json
from dataclasses import asdict
from hashlib import sha256
from typing import Any

from tecum.cases.facts import Offer


def said_of(offer: Offer) -> dict[str, Any]:
    """Return what is kept of an offer beside its columns."""
    return {
        "lines": [asdict(line) for line in offer.lines],
        "targets": sorted(offer.targets),
        "notes": list(offer.notes),
    }


def digest(offer: Offer) -> str:
    """Return the SHA-256 of everything an offer says: another amount, line, target or schedule is another offer."""
    whole = {
        **said_of(offer),
        "on": offer.on.isoformat(),
        "guide": offer.guide_version,
        "currency": offer.low.currency,
        "low": offer.low.text,
        "high": offer.high.text,
    }
    text = json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(text.encode()).hexdigest()
