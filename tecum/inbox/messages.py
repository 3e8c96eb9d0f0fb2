"""What the mailroom itself says to those who write to us."""

from tecum.notices.messages import declare

MESSAGE_RECEIVED = declare(
    "message_received",
    "that a message arrived and a person reads it, where nothing works on it by itself",
    "reference",
)
MISDIRECTED = declare("misdirected", "where a message belongs that came to another address", "address")
