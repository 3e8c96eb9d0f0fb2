"""Runs every check over a guide."""

from tecum.guide.checking import documents, money, records, time
from tecum.guide.checking.findings import Finding, settled
from tecum.guide.model.guide import Guide

CHECKS = (*money.CHECKS, *time.CHECKS, *documents.CHECKS, *records.CHECKS)


def check(guide: Guide) -> tuple[Finding, ...]:
    """Return everything that contradicts itself or is missing, with the decisions that settled it; open ones first."""
    return settled(guide, (found for one in CHECKS for found in one(guide)))
