"""
Every kind of notice there is: its name is the name of its wording in the guide, and it declares its variables.

A capability declares its own in its `messages.py`. A test requires each to have its wording in every shipped guide that
offers what it is about, and the wording to use nothing else.
"""

from dataclasses import dataclass

from tecum.kernel.refusals import Refused


class UnknownMessage(Refused):
    """A notice of a kind that no capability declares."""


@dataclass(frozen=True, slots=True)
class Message:
    """
    One kind of notice.

    `says` completes "tells …". `portal` marks what only a carrier with a look-up portal sends, `money` what only one that
    charges does. A `secret` one holds
    something that lets somebody in: its text is wiped once it is out, and it is never sent a second time. An `urgent` one
    goes by a lane of its own, is tried every few seconds, and leaves a fact where it cannot be delivered.
    """

    name: str
    says: str
    variables: tuple[str, ...]
    portal: bool = False
    secret: bool = False
    money: bool = False
    urgent: bool = False


REGISTRY: dict[str, Message] = {}


def declare(
    name: str,
    says: str,
    *variables: str,
    portal: bool = False,
    secret: bool = False,
    money: bool = False,
    urgent: bool = False,
) -> Message:
    """
    Enter a kind of notice.

    :raises ValueError: when another one has the name
    """
    message = Message(name, says, variables, portal, secret, money, urgent)
    if REGISTRY.setdefault(name, message) != message:
        raise ValueError(f"Two messages are called '{name}'.")
    return message


def named(name: str) -> Message:
    """
    Return a kind of notice by its name.

    :raises UnknownMessage: when no capability declares it
    """
    if name not in REGISTRY:
        raise UnknownMessage(f"There is no message '{name}'.")
    return REGISTRY[name]


def urgent() -> frozenset[str]:
    """Return the names of the kinds of notice that go before all others."""
    return frozenset(name for name, message in REGISTRY.items() if message.urgent)
