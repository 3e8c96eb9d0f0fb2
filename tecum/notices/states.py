"""The life of a notice, the ways it travels, and what can come of one attempt."""

from enum import StrEnum


class NoticeState(StrEnum):
    QUEUED = "QUEUED"
    SENDING = "SENDING"
    SENT = "SENT"
    BOUNCED = "BOUNCED"
    FAILED = "FAILED"
    NOT_SENT = "NOT_SENT"


NEXT: dict[NoticeState, frozenset[NoticeState]] = {
    NoticeState.QUEUED: frozenset({NoticeState.SENDING, NoticeState.NOT_SENT}),
    NoticeState.SENDING: frozenset(
        {
            NoticeState.SENT,
            NoticeState.QUEUED,
            NoticeState.SENDING,
            NoticeState.FAILED,
            NoticeState.BOUNCED,
            NoticeState.NOT_SENT,  # put back from a copy: it may have been sent since
        }
    ),
    NoticeState.SENT: frozenset({NoticeState.BOUNCED}),
    NoticeState.BOUNCED: frozenset(),
    NoticeState.FAILED: frozenset(),
    NoticeState.NOT_SENT: frozenset(),
}
OVER = frozenset(NoticeState) - {NoticeState.QUEUED, NoticeState.SENDING}
UNDELIVERED = frozenset({NoticeState.BOUNCED, NoticeState.FAILED, NoticeState.NOT_SENT})


class NoticeChannel(StrEnum):
    MAIL = "mail"
    FAX = "fax"
    WEBHOOK = "webhook"
    PAGER = "pager"
    SMS = "sms"
    CALL = "call"


#: What rings on somebody's telephone or pager, over an interface that the guide names.
RINGING = frozenset({NoticeChannel.PAGER, NoticeChannel.SMS, NoticeChannel.CALL})


class AttemptEnd(StrEnum):
    """What came of one attempt, in the words of the delivery log."""

    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    REFUSED = "refused"
    DELAYED = "delayed"
    BOUNCED = "bounced"


class HookState(StrEnum):
    PENDING = "PENDING"  # registered; its challenge has not come back
    ACTIVE = "ACTIVE"
    ENDED = "ENDED"


HOOK_NEXT: dict[HookState, frozenset[HookState]] = {
    HookState.PENDING: frozenset({HookState.ACTIVE, HookState.ENDED}),
    HookState.ACTIVE: frozenset({HookState.ENDED}),
    HookState.ENDED: frozenset(),
}


# A notice begins in the queue, or is kept back at once: an automatic answer that RFC 3834 forbids.
BEGINNINGS = frozenset({NoticeState.QUEUED, NoticeState.NOT_SENT, HookState.PENDING})


def hook_states() -> list[tuple[str, str]]:
    """Return the choices of the column."""
    return [(each.value, each.value.lower()) for each in HookState]


def notice_states() -> list[tuple[str, str]]:
    """Return the choices of the column; a callable, so that a new state writes no migration."""
    return [(each.value, each.value.lower().replace("_", " ")) for each in NoticeState]


def notice_channels() -> list[tuple[str, str]]:
    """Return the choices of the column."""
    return [(each.value, each.value) for each in NoticeChannel]


def attempt_ends() -> list[tuple[str, str]]:
    """Return the choices of the column."""
    return [(each.value, each.value) for each in AttemptEnd]
