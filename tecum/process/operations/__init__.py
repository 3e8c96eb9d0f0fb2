"""What is done with a legal process received: one function per verb."""

from tecum.process.operations.letters import (
    CannotDecide,
    CannotSend,
    Draft,
    accept,
    deficiency,
    look_again,
    redirection,
    send_deficiency,
    send_elsewhere,
    send_not_honoured,
)
from tecum.process.operations.papers import keep_papers
from tecum.process.operations.promising import answer_ends, answer_goes_on, answer_waits
from tecum.process.operations.receiving import (
    CannotAnswer,
    confirm,
    promise_again,
    receive,
    record_answer,
    tell_number,
)
from tecum.process.operations.repeats import join, part

__all__ = [
    "CannotAnswer", "CannotDecide", "CannotSend", "Draft", "accept", "answer_ends", "answer_goes_on", "answer_waits", "confirm", "deficiency", "join", "keep_papers", "look_again", "part",
    "promise_again", "receive", "record_answer", "redirection", "send_deficiency", "send_elsewhere", "send_not_honoured", "tell_number",
]  # fmt: skip
