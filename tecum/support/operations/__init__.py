"""What is done about support requests: one function per verb."""

from tecum.support.operations.answering import (
    AnswerTells,
    CannotAnswer,
    answer,
    assign,
    close,
    note,
    open_thread,
    reopen,
    see_list,
)
from tecum.support.operations.asking import (
    CannotAsk,
    DoorClosed,
    Letter,
    ask,
    late,
    log_call,
    take,
    write_again,
)

__all__ = [
    "AnswerTells",
    "CannotAnswer",
    "CannotAsk",
    "DoorClosed",
    "Letter",
    "answer",
    "ask",
    "assign",
    "close",
    "late",
    "log_call",
    "note",
    "open_thread",
    "reopen",
    "see_list",
    "take",
    "write_again",
]
