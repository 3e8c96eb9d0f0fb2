"""What is done with messages: receive, judge, route, and what people do: open, take a part, reclassify."""

from tecum.inbox.operations.belonging import belongs
from tecum.inbox.operations.judging import judge
from tecum.inbox.operations.people import (
    CannotReclassify,
    Listed,
    done_by_hand,
    list_messages,
    open_message,
    reclassify,
    take_part,
)
from tecum.inbox.operations.receiving import Received, TooLarge, receive
from tecum.inbox.operations.routing import RESUMED, advance_mark, mark_of, rearm, rest, resume, routed

__all__ = [
    "RESUMED",
    "CannotReclassify",
    "Listed",
    "Received",
    "TooLarge",
    "advance_mark",
    "belongs",
    "done_by_hand",
    "judge",
    "list_messages",
    "mark_of",
    "open_message",
    "rearm",
    "receive",
    "reclassify",
    "rest",
    "resume",
    "routed",
    "take_part",
]
