"""What the watcher of the invariants finds, and whether it watches; copies, and the recovery after one was put back."""

from tecum.audit.catalogue.words import AMOUNT, CODE, ID, WHEN, Event, Maybe, change

WATCHING: dict[str, Event] = {
    "watch.began": change("began to watch the invariants"),
    "watch.stopped": change("switched the watcher of the invariants off"),
    "watch.expected": change("expects to hear from a watcher of the invariants"),
    "watch.silent": change("heard nothing from the watcher of the invariants", since=Maybe(WHEN)),
    "invariant.broken": change(
        "found that invariant {invariant} does not hold at {about}", finding=ID, invariant=CODE, about=ID
    ),
    "invariant.told": change(
        "told that invariant {invariant} does not hold, time {times}",
        finding=ID,
        invariant=CODE,
        times=AMOUNT,
    ),
    "invariant.held_again": change(
        "found that invariant {invariant} holds again", finding=ID, invariant=CODE
    ),
}
