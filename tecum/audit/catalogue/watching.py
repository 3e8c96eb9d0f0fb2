"""What the watcher of the invariants finds, and whether it watches; copies, and the recovery after one was put back."""

from tecum.audit.catalogue.words import AMOUNT, CODE, HASH, ID, WHEN, Event, Maybe, change

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
    "invariant.woke": change(
        "paged whoever is on call: {invariant} does not hold", finding=ID, invariant=CODE, escalation=ID
    ),
    "watch.woke": change("paged whoever is on call: nobody watches the invariants", escalation=ID),
    "invariant.held_again": change(
        "found that invariant {invariant} holds again", finding=ID, invariant=CODE
    ),
    "recovery.copied": change(
        "made a copy of everything but the keys: {files} files", copy=HASH, files=AMOUNT, size=AMOUNT
    ),
    "recovery.entered": change(
        "put a copy back and entered recovery; {lost} entries happened since",
        recovery=ID,
        copy=HASH,
        copied_at=WHEN,
        lost=AMOUNT,
    ),
    "recovery.doors_shut": change(
        "ended every session, token and link of a copy", visits=AMOUNT, tokens=AMOUNT, links=AMOUNT
    ),
    "recovery.notices_kept": change("left {notices} notices of a copy to a person", notices=AMOUNT),
    "recovery.resumed": change(
        "let surveillance {surveillance} start again in a recovery", recovery=ID, surveillance=ID
    ),
    "recovery.left": change("ended a recovery", recovery=ID, proposer=ID),
}
