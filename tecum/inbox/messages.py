"""What the mailroom itself says to those who write to us."""

from tecum.notices.messages import declare

MISDIRECTED = declare("misdirected", "where a message belongs that came to another address", "address")
