"""What a proposal is, and who may approve it."""

import re
from dataclasses import dataclass
from datetime import datetime

DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class ApprovalView:
    """One proposal, frozen. `decided_by` is who approved or withdrew it, or whose act made it void."""

    id: str
    act: str
    subject: str
    digest: str
    state: str
    proposed_at: datetime
    proposed_by: str
    decided_at: datetime | None
    decided_by: str
    alone: bool = False


def another_person(*, proposer: str, approver: str) -> bool:
    """Tell whether these are two people."""
    return proposer != approver
