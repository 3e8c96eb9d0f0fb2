"""Which content of a guide two people put in force last."""

import re
from pathlib import Path

from tecum.approvals import queries as approvals
from tecum.audit import rules

ACT = "guide.activate"


def activated(folder: Path) -> str:
    """Return the SHA-256 of the content that was activated last, "" where nobody ever activated this guide."""
    found = approvals.last_approved(ACT, subject(folder))
    return found.digest if found else ""


def subject(folder: Path) -> str:
    """Return how approvals and the trail call a guide."""
    return reference(folder.resolve().name)


def reference(text: str) -> str:
    """Return a name that people chose in a form that the trail takes."""
    cleaned = re.sub(r"[^A-Za-z0-9_.-]+", "-", text)[:80]
    return cleaned if rules.is_reference(cleaned) else f"guide:{cleaned}"
