"""What is done to applications: one function per verb."""

from tecum.vetting.operations.activation import issue_again, link_over
from tecum.vetting.operations.deciding import (
    CannotAccept,
    CannotDecide,
    SamePerson,
    accept,
    refuse,
    return_,
    take_proposal_back,
)
from tecum.vetting.operations.receiving import late, open_application, receive

__all__ = [
    "CannotAccept",
    "CannotDecide",
    "SamePerson",
    "accept",
    "issue_again",
    "late",
    "link_over",
    "open_application",
    "receive",
    "refuse",
    "return_",
    "take_proposal_back",
]
