"""What is done with a legal process received: one function per verb."""

from tecum.process.operations.receiving import (
    CannotAnswer,
    confirm,
    receive,
    record_answer,
    tell_number,
)

__all__ = ["CannotAnswer", "confirm", "receive", "record_answer", "tell_number"]
