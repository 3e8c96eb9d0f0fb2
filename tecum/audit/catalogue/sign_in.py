"""What happens at sign-in: links, tokens, visits, second factors, terms."""

from tecum.audit.catalogue.words import AMOUNT, CODE, FLAG, HASH, ID, WHEN, Event, Maybe, access, change

SIGN_IN: dict[str, Event] = {
    "link.issued": change("issued a link to set the password of {person}", person=ID, expires=WHEN),
    "token.issued": change("took a token for programs", person=ID, expires=WHEN, fetches=FLAG),
    "token.ended": change("ended the own token for programs", person=ID),
    "link.used": change("set the password of {person} by a link", person=ID),
    "link.refused": access("was refused a link to set a password: {why}", why=CODE, person=Maybe(ID)),
    "password.changed": change("changed the own password", person=ID),
    "sign_in.reset": change(
        "removed the second factors and the password of {person}", person=ID, factors=AMOUNT
    ),
    "sign_in.failed": access("was refused at sign-in: {step}", step=CODE, person=Maybe(ID)),
    "sign_in.locked": change("was locked out until {until}: {step}", step=CODE, until=WHEN, person=Maybe(ID)),
    "visit.opened": change("signed in", person=ID, factor=CODE),
    "visit.ended": change("is signed out: {how}", person=ID, how=CODE),
    "visit.stepped_up": change("proved a second factor: {factor}", person=ID, factor=CODE),
    "factor.added": change("added a second factor: {factor}", person=ID, factor=CODE),
    "factor.removed": change("removed a second factor: {factor}", person=ID, factor=CODE),
    "factor.renewed": change("made the codes of {factor} afresh", person=ID, factor=CODE),
    "terms.accepted": change(
        "accepted the terms of use, version {version}", person=ID, version=ID, sha256=HASH
    ),
}
