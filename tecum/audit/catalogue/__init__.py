"""
Every event there is, as data (poster, rule 7): `docs/reference/events.md` is made from it.

A capability adds its lines here. The words complete "Ruiz …" or "Tecum …" and may name fields. Fields hold
ids, amounts, hashes and words of our own vocabulary; never a telephone number, a name, an address or a token.
"""

from tecum.audit.catalogue.billing import BILLING
from tecum.audit.catalogue.cases import CASES
from tecum.audit.catalogue.customers import CUSTOMERS
from tecum.audit.catalogue.demands import DEMANDS
from tecum.audit.catalogue.emergencies import EMERGENCIES
from tecum.audit.catalogue.mail import MAIL
from tecum.audit.catalogue.notices import NOTICES
from tecum.audit.catalogue.oncall import ONCALL
from tecum.audit.catalogue.records import RECORDS
from tecum.audit.catalogue.reports import REPORTS
from tecum.audit.catalogue.sign_in import SIGN_IN
from tecum.audit.catalogue.surveillance import SURVEILLANCE
from tecum.audit.catalogue.watching import WATCHING
from tecum.audit.catalogue.words import (
    AMOUNT,
    CODE,
    FLAG,
    HASH,
    ID,
    WHEN,
    Class,
    Event,
    Kind,
    Maybe,
    access,
    change,
)

__all__ = ["EVENTS", "Class", "Event", "Kind", "Maybe", "access", "change"]

EVENTS: dict[str, Event] = {
    # doors
    "access.refused": access("was refused {act}", act=CODE, why=Maybe(CODE), subject=Maybe(ID)),
    # trail
    "trail.opened": change(
        "opened the log {origin}", origin=ID, earlier=Maybe(HASH), earlier_size=Maybe(AMOUNT)
    ),
    "trail.searched": access(
        "searched the trail: {found} found, {shown} shown",
        found=AMOUNT,
        shown=AMOUNT,
        events=Maybe(CODE),
        actors=Maybe(ID),
        matter_asked=Maybe(ID),
        about=Maybe(ID),
        receipt=Maybe(ID),
        kind=Maybe(CODE),
        since=Maybe(WHEN),
        until=Maybe(WHEN),
    ),
    "trail.read": access("read the entry of receipt {receipt}", receipt=ID),
    "trail.check_asked": change("asked for a check of the whole trail", check=ID, nightly=FLAG),
    "trail.check_ended": change("a check of the whole trail ended: {verdict}", check=ID, verdict=CODE),
    "trail.unverified": change("nothing found the trail good for too long", since=Maybe(WHEN)),
    "trail.verified": access(
        "verified the trail, {entries} entries: {verdict}", verdict=CODE, entries=AMOUNT, anchored=AMOUNT
    ),
    "trail.exported": access(
        "took a bundle of {entries} entries away, for: {reason}", entries=AMOUNT, reason=CODE, bundle=HASH
    ),
    "trail.payloads_destroyed": change("destroyed the payloads of {epoch}", epoch=ID, payloads=AMOUNT),
    # the watcher
    **WATCHING,
    # keys
    "epoch.opened": change("opened the retention epoch {epoch}", epoch=ID),
    "epoch.carried": change(
        "carried {matters} matters that are held or not over out of {epoch}", epoch=ID, matters=AMOUNT
    ),
    "epoch.destruction_began": change("began to destroy the retention epoch {epoch}", epoch=ID),
    "epoch.destroyed": change(
        "destroyed the key of {epoch}, which {matters} matters were sealed under", epoch=ID, matters=AMOUNT
    ),
    "keys.rotated": change("wrapped the keys of {epochs} epochs by a new sealing key", epochs=AMOUNT),
    # two people
    "approval.proposed": change("proposed {act} of {about}", approval=ID, act=CODE, about=ID, content=HASH),
    "approval.approved": change(
        "approved {act} of {about}", approval=ID, act=CODE, about=ID, content=HASH, proposer=ID
    ),
    "approval.withdrawn": change("withdrew the proposal {act} of {about}", approval=ID, act=CODE, about=ID),
    "approval.excepted": change("may decide alone for a life, until {until}", until=WHEN),
    "approval.exception_ended": change("ended what one person might decide alone"),
    "approval.voided": change("made the proposal {act} of {about} void", approval=ID, act=CODE, about=ID),
    # the guide
    "guide.proposed": change(
        "proposed the files of guide {guide}, version {version}",
        guide=ID,
        approval=ID,
        version=ID,
        effective_from=WHEN,
        content=HASH,
    ),
    "guide.activated": change(
        "put the files of guide {guide} in force, version {version}",
        guide=ID,
        approval=ID,
        version=ID,
        effective_from=WHEN,
        content=HASH,
    ),
    # codes by mail
    "code.asked": change("asked for a code ({purpose})", code=ID, purpose=CODE),
    "code.sent": change("sent code {code}", code=ID),
    "code.tried": change("typed code {code}", code=ID, fits=FLAG),
    "application.sent_on_page": change(
        "sent an application on the page, with the address that code {code} proved", code=ID
    ),
    "application.status_told": change(
        "told the applicant how application {application} stands", application=ID, door=CODE
    ),
    "application.status_refused": change("told nothing of an application to another address"),
    "application.status_seen": access("saw how the own application {application} stands", application=ID),
    # support
    "support.opened": change("opened support request {thread}", thread=ID, channel=CODE, person=Maybe(ID)),
    "support.joined": change(
        "went on with support request {thread}", thread=ID, channel=CODE, person=Maybe(ID)
    ),
    "support.call_logged": change("logged a call about a number without result", thread=ID, called_at=WHEN),
    "support.late": change("told the desk that support request {thread} waits too long", thread=ID),
    "support.listed": access("saw a list of {shown} support requests", shown=AMOUNT, found=AMOUNT),
    "support.read": access("opened support request {thread}", thread=ID),
    "support.answered": change("answered support request {thread}", thread=ID, notice=ID, screen=FLAG),
    "support.noted": change("noted something in support request {thread}", thread=ID),
    "support.assigned": change("gave support request {thread} to {to}", thread=ID, to=Maybe(ID)),
    "support.closed": change("closed support request {thread}", thread=ID),
    "support.reopened": change("opened support request {thread} again", thread=ID),
    # agencies
    "agency.created": change("entered agency {agency}", agency=ID, country=CODE, type=CODE),
    "agency.changed": change("corrected the entry of agency {agency}", agency=ID),
    "agency.domain_added": change("verified a mail domain of agency {agency}", agency=ID),
    "agency.domain_removed": change("took a mail domain from agency {agency}", agency=ID),
    "agency.call_back_proposed": change("proposed call-back number {entry}", agency=ID, entry=ID),
    "agency.call_back_confirmed": change("confirmed call-back number {entry}", agency=ID, entry=ID),
    "agency.call_back_ended": change("struck call-back number {entry}", agency=ID, entry=ID),
    "agency.contact_proposed": change(
        "proposed contact {entry} of agency {agency}", agency=ID, entry=ID, desk=CODE
    ),
    "agency.contact_confirmed": change(
        "confirmed contact {entry} of agency {agency} by calling back", agency=ID, entry=ID, called=ID
    ),
    "agency.contact_ended": change("struck contact {entry} of agency {agency}", agency=ID, entry=ID),
    "agency.overdue": change(
        "noted whether agency {agency} owes an overdue invoice", agency=ID, overdue=FLAG
    ),
    "agency.suspended": change("suspended agency {agency}", agency=ID),
    "agency.reinstated": change("let agency {agency} in again", agency=ID),
    # customers
    **CUSTOMERS,
    # people
    "person.created": change("created the account {person}", person=ID, agency=Maybe(ID), customer=Maybe(ID)),
    "person.changed": change("corrected what is recorded of {person}", person=ID),
    "person.suspended": change("suspended {person}", person=ID, visits=AMOUNT, cause=Maybe(CODE)),
    "person.reinstated": change("let {person} in again", person=ID),
    "person.attested": change("confirmed that {person} still serves", person=ID, until=WHEN),
    "person.attestation_due": change("asked for the confirmation of {person}", person=ID, told=AMOUNT),
    "person.attestation_lapsed": change("the confirmation of {person} ran out", person=ID),
    "person.seen_twice": change("signed in at a second place soon after a first", person=ID, sign=ID),
    "person.sign_settled": change(
        "looked into a sign that the account of {person} is shared", person=ID, sign=ID
    ),
    "address.confirmed": change("used the link at one end of a change of address", person=ID, end=CODE),
    "address.left": change("took back a change of the own address", person=ID),
    "address.asked": change("asked {person} to prove an address", person=ID, new=FLAG),
    "address.proved": change("proved an address", person=ID, new=FLAG),
    "role.granted": change("gave {person} the role {role}", person=ID, role=CODE),
    "role.ended": change("took the role {role} from {person}", person=ID, role=CODE),
    # inventory
    "load.intended": change(
        "began load {load} of {lines} lines", load=ID, kind=CODE, source=HASH, lines=AMOUNT
    ),
    "load.applied": change("made version {version} of the inventory", load=ID, version=AMOUNT, source=HASH),
    "load.abandoned": change("ended load {load} without a change", load=ID),
    # subscribers
    "subscribers.begun": change("began to read the list {list} of {source}", list=ID, source=ID),
    "subscribers.loaded": change(
        "applied the list {list} of {source}: {added} new, {changed} changed, {ended} gone, {rejected} not taken",
        list=ID,
        source=ID,
        content=HASH,
        lines=AMOUNT,
        added=AMOUNT,
        changed=AMOUNT,
        ended=AMOUNT,
        rejected=AMOUNT,
    ),
    "subscribers.abandoned": change("ended the list {list} without a change", list=ID, source=ID, why=CODE),
    "subscribers.stale": change("found the list of {source} too old", source=ID, list=ID),
    "subscribers.rejects_read": access("read the lines of the list {list} that were not taken", list=ID),
    "subscribers.answered": access(
        "was shown {rows} subscribers of {numbers} grants within scope {scope}: {product}",
        scope=HASH,
        product=CODE,
        numbers=AMOUNT,
        rows=AMOUNT,
        stopped=AMOUNT,
        lists=HASH,
    ),
    "subscribers.matched": access(
        "held an order's customer information against the bill: {verdict}", verdict=CODE, held=AMOUNT
    ),
    "inventory.history_read": access(
        "read the history of a number for {case}", case=ID, version=AMOUNT, past=AMOUNT
    ),
    # call-detail records
    **RECORDS,
    # sign-in
    **SIGN_IN,
    # notices
    **NOTICES,
    # look-up
    "lookup.answered": change(
        "had look-up {lookup} answered: {hits} found, {non_results} without result",
        lookup=ID,
        inventory=AMOUNT,
        guide=ID,
        charged=AMOUNT,
        hits=AMOUNT,
        non_results=AMOUNT,
        malformed=AMOUNT,
        answer=HASH,
    ),
    "lookup.assisted": change(
        "looked {asked} numbers up for a case of the carrier, look-up {lookup}",
        lookup=ID,
        inventory=AMOUNT,
        asked=AMOUNT,
    ),
    "lookup.exported": access("took look-up {lookup} away as a file ({form})", lookup=ID, form=CODE),
    "disclosure.read": access(
        "read {rows} records of disclosure, numbers {numbers}", rows=AMOUNT, numbers=CODE
    ),
    # breaches
    "breach.opened": change(
        "opened breach {breach}: the account {person} got {answers} answers about {customers} customers",
        breach=ID,
        person=ID,
        answers=AMOUNT,
        customers=AMOUNT,
    ),
    "breach.answers_read": access(
        "read the {answers} answers of breach {breach}, numbers {numbers}",
        breach=ID,
        answers=AMOUNT,
        numbers=CODE,
    ),
    "breach.productions_read": access(
        "read the {productions} productions that the account of breach {breach} fetched",
        breach=ID,
        productions=AMOUNT,
    ),
    "breach.exported": access(
        "took the answers of breach {breach} away as a file ({form})", breach=ID, form=CODE
    ),
    "breach.notice_worded": change("mended a notice of breach {breach}", breach=ID, notice=ID),
    "breach.notice_given": change(
        "recorded that a notice of breach {breach} was given: {receiver}",
        breach=ID,
        notice=ID,
        receiver=CODE,
        urgent=FLAG,
    ),
    "breach.held": change(
        "held the notices to customers of breach {breach} until {until}", breach=ID, until=WHEN
    ),
    "breach.closed": change("closed breach {breach}", breach=ID),
    "breach.clock_rang": change(
        "an end of breach {breach} came near or passed: {duty}", breach=ID, duty=CODE, over=FLAG
    ),
    # productions
    "production.scope_set": change(
        "put a scope of {grants} grants in force for case {case}", case=ID, scope=HASH, grants=AMOUNT
    ),
    "production.scope_ended": change("ended the scope of case {case}", case=ID),
    "production.prepared": change(
        "prepared production {production} of {files} files", production=ID, case=ID, scope=HASH, files=AMOUNT
    ),
    "production.assembled": change(
        "put {files} files together for production {production}",
        production=ID,
        manifest=HASH,
        scope=HASH,
        files=AMOUNT,
        size=AMOUNT,
    ),
    "production.made": change(
        "made the package of production {production}", production=ID, package=HASH, size=AMOUNT
    ),
    "production.stopped": change("stopped production {production}: it may not leave", production=ID),
    "production.voided": change("made production {production} void: {why}", production=ID, why=CODE),
    "production.release_proposed": change(
        "proposed to release production {production}", production=ID, approval=ID, receivers=AMOUNT
    ),
    "production.released": change(
        "released production {production}",
        production=ID,
        approval=ID,
        package=HASH,
        scope=HASH,
        receivers=AMOUNT,
    ),
    "production.handed_over": change(
        "handed production {production} over: {way}",
        production=ID,
        handover=ID,
        way=CODE,
        expires=WHEN,
        again=FLAG,
    ),
    "production.handover_closed": change(
        "ended an offer of production {production}", production=ID, handover=ID
    ),
    "production.handover_over": change(
        "an offer of production {production} ran out", production=ID, handover=ID
    ),
    "production.fetched": change("fetched production {production}", production=ID, handover=ID, package=HASH),
    "production.code_refused": access("gave a link or code that opens nothing", handover=Maybe(ID)),
    "production.recalled": change("recalled production {production}", production=ID),
    "production.kept": change(
        "kept production {production} beyond its retention: a legal hold", production=ID
    ),
    "production.purged": change("took production {production} away: its retention is over", production=ID),
    "production.opened": access("opened production {production}", production=ID),
    # applications
    "application.received": change("took in application {application}", application=ID, unmet=CODE),
    "application.opened": access("opened application {application}", application=ID),
    "application.late": change("application {application} waits longer than promised", application=ID),
    "application.proposed": change("proposed to accept application {application}", application=ID, act=HASH),
    "application.proposal_withdrawn": change(
        "took back the proposal to accept application {application}", application=ID
    ),
    "application.accepted": change(
        "accepted application {application}: {person} of {agency}", application=ID, person=ID, agency=ID
    ),
    "application.returned": change("returned application {application}", application=ID, reasons=CODE),
    "application.refused": change("refused application {application}", application=ID, reasons=CODE),
    "application.link_over": change("the link of application {application} ran out unused", application=ID),
    # deadlines
    "deadline.revived": change("tried again what lay dead: {kind}", kind=CODE, subject=ID),
    # cases and the process received
    **BILLING,
    **MAIL,
    **CASES,
    # legal demands
    **DEMANDS,
    # court orders and surveillance
    **SURVEILLANCE,
    # the on-call ladder
    **ONCALL,
    **REPORTS,
    **EMERGENCIES,
}
