"""The life of a support thread, and what can happen in one."""

from enum import StrEnum


class ThreadState(StrEnum):
    WAITING = "WAITING"  # for a person of the carrier
    ANSWERED = "ANSWERED"
    CLOSED = "CLOSED"


THREAD_NEXT: dict[ThreadState, frozenset[ThreadState]] = {
    ThreadState.WAITING: frozenset({ThreadState.ANSWERED, ThreadState.CLOSED}),
    ThreadState.ANSWERED: frozenset({ThreadState.WAITING, ThreadState.CLOSED}),
    ThreadState.CLOSED: frozenset({ThreadState.WAITING}),
}


class ThreadChannel(StrEnum):
    """How a request reached us."""

    MAIL = "MAIL"
    PAGE = "PAGE"
    CALL = "CALL"


class Topic(StrEnum):
    """What a request is about, as far as that changes what may be answered."""

    QUESTION = "QUESTION"
    NON_RESULT = "NON_RESULT"  # answered with the text of the screen, and nothing else


class EntryKind(StrEnum):
    """What happened in a thread."""

    RECEIVED = "RECEIVED"
    ANSWER = "ANSWER"
    NOTE = "NOTE"
    CALL = "CALL"
    ASSIGNED = "ASSIGNED"
    CLOSED = "CLOSED"
    REOPENED = "REOPENED"


# What the person who asked may see of their own thread.
SHOWN = frozenset({EntryKind.RECEIVED, EntryKind.ANSWER, EntryKind.CLOSED, EntryKind.REOPENED})
TITLES: dict[ThreadState, str] = {
    ThreadState.WAITING: "Waits for an answer",
    ThreadState.ANSWERED: "Answered",
    ThreadState.CLOSED: "Closed",
}
CHANNELS: dict[ThreadChannel, str] = {
    ThreadChannel.MAIL: "by mail",
    ThreadChannel.PAGE: "on the portal's page",
    ThreadChannel.CALL: "by telephone",
}


def thread_states() -> list[tuple[str, str]]:
    """Return the choices of a thread's state; a callable, so that a new state writes no migration."""
    return [(each.value, TITLES[each]) for each in ThreadState]


def thread_channels() -> list[tuple[str, str]]:
    """Return the choices of a thread's channel."""
    return [(each.value, CHANNELS[each]) for each in ThreadChannel]


def topics() -> list[tuple[str, str]]:
    """Return the choices of a thread's topic."""
    return [(each.value, each.value.replace("_", " ").capitalize()) for each in Topic]


def entry_kinds() -> list[tuple[str, str]]:
    """Return the choices of an entry's kind."""
    return [(each.value, each.value.capitalize()) for each in EntryKind]
