"""What is done to applications: one function per verb."""

from tecum.vetting.operations.activation import issue_again, link_over
from tecum.vetting.operations.applying import CannotApply, apply_on_page, proved_address
from tecum.vetting.operations.codes import (
    CodeWrong,
    DoorClosed,
    NoAgencyAddress,
    ask_status,
    ask_to_apply,
    door_must_be_open,
    prove,
    send_code,
    show_status,
    tell_status,
)
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
    "CannotApply",
    "CannotDecide",
    "CodeWrong",
    "DoorClosed",
    "NoAgencyAddress",
    "SamePerson",
    "ask_status",
    "ask_to_apply",
    "door_must_be_open",
    "prove",
    "proved_address",
    "send_code",
    "show_status",
    "tell_status",
    "accept",
    "apply_on_page",
    "issue_again",
    "late",
    "link_over",
    "open_application",
    "receive",
    "refuse",
    "return_",
    "take_proposal_back",
]
