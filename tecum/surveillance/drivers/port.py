"""What every driver can do. It touches no table of ours: it may be slow, and is called outside transactions."""

from typing import Protocol

from tecum.surveillance.rules.tasks import Task


class SwitchSilent(Exception):
    """No answer, or none that can be trusted: whether the command arrived is not known."""


class SwitchRejects(Exception):
    """The switch answered that it will not do that; nothing changed on it."""


class Port(Protocol):
    """
    A switch, shaped after ETSI TS 103 221-1 (X1): a complete object is written, read back and compared.

    Every call answers within seconds or raises `SwitchSilent`. Writing and removing twice do what once does.
    """

    def write(self, task: Task) -> None:
        """Put a complete object on the switch, in place of whatever it has under that task."""

    def remove(self, task: str) -> None:
        """Take a task off the switch; one that is not there is off already."""

    def read(self, task: str) -> Task | None:
        """Return the object as the switch holds it, or nothing when it has none."""

    def listing(self) -> tuple[Task, ...]:
        """Return every task that the switch holds, whoever put it there."""
