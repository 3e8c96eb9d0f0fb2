"""Every permission, as data. One that no code asks for fails a surface test."""

from tecum.access.words import Permission

_PERMISSIONS = (
    Permission("account.own", "see and secure the own account"),
    Permission(
        "account.token", "take a personal token for programs, good for an hour", writes=True, step_up=True
    ),
    Permission(
        "account.address", "change the own e-mail address, proved at both ends", writes=True, step_up=True
    ),
    # look-up
    Permission("lookup.run", "look numbers up, within the daily maximum", reveals=True, writes=True),
    Permission("lookup.history", "see the own look-ups of the past", reveals=True),
    Permission(
        "lookup.assist",
        "look numbers up for a case of the carrier, with a purpose (A17)",
        reveals=True,
        writes=True,
    ),
    Permission("lookup.figures", "see the hit rate by week and the warnings about scanning (R-036)"),
    Permission("disclosure.read", "read the record of every revealed answer (47 CFR 64.2009)", reveals=True),
    Permission("breach.read", "see breaches and every answer a compromised account got", reveals=True),
    Permission(
        "breach.manage", "open a breach, word and record its notices, close it", writes=True, step_up=True
    ),
    # people
    Permission("person.read", "see the people who hold accounts"),
    Permission(
        "person.create", "create an account for an officer or a customer's contact", writes=True, step_up=True
    ),
    Permission("person.change", "correct what is recorded of a person", writes=True),
    Permission("person.suspend", "suspend a person at once", writes=True),
    Permission("person.reinstate", "let a suspended person in again", writes=True, step_up=True),
    Permission(
        "person.link",
        "issue a new link to set the password, which voids the earlier one",
        writes=True,
        step_up=True,
    ),
    Permission("person.team", "see who of the own agency may look numbers up", reveals=True),
    Permission(
        "person.attest",
        "confirm that people of the own agency still serve and need the account (W10)",
        writes=True,
        step_up=True,
    ),
    Permission("person.left", "report that somebody of the own agency left", writes=True),
    Permission(
        "person.attest_for",
        "record a supervisor's confirmation that reached the carrier elsewhere",
        writes=True,
        step_up=True,
    ),
    Permission(
        "person.address",
        "send a link that proves an address, the same or a new one",
        writes=True,
        step_up=True,
    ),
    Permission(
        "person.signs", "see signs that an account is shared, and write down what they were", writes=True
    ),
    Permission(
        "person.reset",
        "remove a lost second factor, so that it is enrolled afresh",
        writes=True,
        step_up=True,
    ),
    Permission(
        "role.grant", "give and end the roles of officers and customers' contacts", writes=True, step_up=True
    ),
    Permission(
        "role.grant_staff",
        "give and end the roles of the carrier's and its partners' staff",
        writes=True,
        step_up=True,
    ),
    # agencies
    Permission("agency.read", "see the directory of agencies"),
    Permission("agency.create", "enter an agency in the directory", writes=True),
    Permission(
        "agency.change", "change an agency's entry and its verified domains", writes=True, step_up=True
    ),
    Permission(
        "agency.call_back",
        "propose or confirm an agency's call-back number; never both",
        writes=True,
        step_up=True,
    ),
    Permission(
        "agency.contact",
        "propose or confirm an agency's contact for a subject; never both",
        writes=True,
        step_up=True,
    ),
    Permission("agency.suspend", "suspend an agency and with it all its people at once", writes=True),
    Permission("agency.reinstate", "let a suspended agency's people in again", writes=True, step_up=True),
    # customers
    Permission("customer.read", "see the wholesale customers and their contact cards", reveals=True),
    Permission("customer.create", "enter a wholesale customer", writes=True),
    Permission("customer.change", "change a customer's standing and campaign notes", writes=True),
    Permission("card.read_own", "see the own company's contact card and its history"),
    Permission(
        "card.propose", "propose a change of the own company's contact card", writes=True, step_up=True
    ),
    Permission(
        "card.confirm", "record that a change of a card was confirmed by another channel (A16)", writes=True
    ),
    Permission(
        "card.approve", "put a confirmed contact card in force, or refuse it (A16)", writes=True, step_up=True
    ),
    # consents
    Permission("consent.read", "see which customer has consented to what"),
    Permission("consent.read_own", "see the own company's consents"),
    Permission("consent.give", "give or widen the own company's CPNI consent", writes=True, step_up=True),
    Permission("consent.withdraw", "withdraw the own company's consent at once", writes=True),
    Permission(
        "consent.record",
        "record a consent that reached the carrier on paper or by word",
        writes=True,
        step_up=True,
    ),
    Permission(
        "consent.withdraw_for", "withdraw a consent because the customer asked so elsewhere", writes=True
    ),
    Permission("consent.campaign", "note who was asked for consent, when, and what is due next", writes=True),
    # messages out
    Permission("notice.read", "see the messages sent and their delivery log", reveals=True),
    Permission("notice.resend", "send a message again, or one that was not sent by itself", writes=True),
    # messages received
    Permission("mail.read", "read messages received; every reading is recorded", reveals=True),
    Permission("mail.classify", "say what a message is where the rules could not or erred", writes=True),
    # what is due
    Permission("deadline.read", "see what is due and what lies dead"),
    Permission("deadline.revive", "try again what lies dead", writes=True),
    # support
    Permission(
        "support.ask", "see the own support requests, and make one where the guide allows it", writes=True
    ),
    Permission("support.read", "see every support request; every look is recorded", reveals=True),
    Permission("support.answer", "answer support requests and log calls (R-038, R-068)", writes=True),
    # applications
    Permission("application.read", "see the applications for portal access", reveals=True),
    Permission(
        "application.decide", "accept, return or refuse an application (R-058)", writes=True, step_up=True
    ),
    # cases
    Permission("demand.read", "see the cases of legal demands that are not sealed to others", reveals=True),
    Permission("order.read", "see the cases of court orders that are not sealed to others", reveals=True),
    Permission("emergency.read", "see the cases of emergencies that are not sealed to others", reveals=True),
    Permission(
        "case.read",
        "open the cases of the kinds that one's role is for; every reading is recorded",
        reveals=True,
    ),
    Permission("case.own", "see how the cases stand whose list one is on", reveals=True),
    Permission("case.work", "work on a case: targets, papers, letters, notes, people, gates", writes=True),
    Permission("case.waive", "waive a gate of a case, and write down why", writes=True, step_up=True),
    Permission(
        "case.legal_hold",
        "propose or approve that a case outlives its retention, never both; end that (control 13)",
        writes=True,
        step_up=True,
    ),
    Permission("case.seal", "seal a case, so that only its list knows of it", writes=True),
    Permission(
        "case.let_in",
        "propose or approve that somebody joins the list of a sealed case, or that it is unsealed (control 6)",
        reveals=True,
        writes=True,
        step_up=True,
    ),
    # productions
    Permission("production.read", "see productions: package, coverage, files and downloads", reveals=True),
    Permission("production.prepare", "prepare a production, and withdraw one that has not left", writes=True),
    Permission(
        "production.release",
        "propose or approve that a production leaves; never both (control 6)",
        writes=True,
        step_up=True,
    ),
    Permission(
        "production.hand_over", "hand a released production over, and again", writes=True, step_up=True
    ),
    Permission("production.recall", "recall a production, or end an offer of it, at once", writes=True),
    Permission("production.own", "see the productions handed to the own account", reveals=True),
    Permission(
        "production.fetch",
        "fetch a production that was handed to the own account",
        reveals=True,
        writes=True,
        step_up=True,
    ),
    Permission("webhook.own", "register webhooks of one's own system, rotate and end them", writes=True),
    # legal demands
    Permission("demand.work", "review demands, decide about targets, write letters, preserve", writes=True),
    Permission("demand.hold", "hold records that wait for a person's word", writes=True),
    Permission(
        "demand.scope",
        "propose or approve what is granted (controls 6 and 7)",
        reveals=True,
        writes=True,
        step_up=True,
    ),
    Permission(
        "demand.tell_customer",
        "see who is to be told that records were asked for, and tell them",
        reveals=True,
        writes=True,
        step_up=True,
    ),
    Permission(
        "demand.submit",
        "hand a legal demand in where the guide names the channel (A17)",
        reveals=True,
        writes=True,
    ),
    Permission("demand.withdraw", "withdraw a demand, or take that back, on whose list one is", writes=True),
    Permission("fee.accept", "accept or refuse the fee of a case on whose list one is (R-105)", writes=True),
    # surveillance
    Permission(
        "order.work",
        "review court orders, write down what they say, send their letters and receipts",
        reveals=True,
        writes=True,
    ),
    Permission(
        "surveillance.read", "see the surveillances of cases that are not sealed to others", reveals=True
    ),
    Permission(
        "surveillance.authorize",
        "propose or approve what a court's paper allows, and an extension of it; never both (control 6)",
        writes=True,
        step_up=True,
    ),
    Permission(
        "surveillance.activate",
        "propose a surveillance's start or widening, or approve and affirm it by name; never both (47 CFR 1.20003)",
        reveals=True,
        writes=True,
        step_up=True,
    ),
    Permission(
        "surveillance.ask_end",
        "have a surveillance of the own agency ended, on whose list one stands",
        writes=True,
    ),
    Permission("surveillance.end", "end a surveillance at once", writes=True),
    Permission(
        "surveillance.hold",
        "hold a cut while papers that came in time are read (C3)",
        writes=True,
        step_up=True,
    ),
    Permission(
        "surveillance.certify",
        "sign the record of an interception as the employee who oversees it (47 CFR 1.20004)",
        reveals=True,
        writes=True,
        step_up=True,
    ),
    Permission(
        "surveillance.report", "put a compromise and its telling on record (47 CFR 1.20003)", writes=True
    ),
    # emergencies
    Permission(
        "emergency.work",
        "take in emergency requests, call back, write down what follows",
        reveals=True,
        writes=True,
    ),
    Permission(
        "emergency.decide",
        "propose or approve what is done in an emergency; never both, but for a life (control 6)",
        reveals=True,
        writes=True,
        step_up=True,
    ),
    Permission(
        "emergency.counsel",
        "decide on the grounds of an emergency that wait for counsel (D7)",
        writes=True,
        step_up=True,
    ),
    Permission("emergency.mark", "mark an emergency request as forged", writes=True),
    Permission(
        "trouble.work", "open trouble tickets, watch accounts, tell what was found (R-148)", writes=True
    ),
    Permission("trouble.fix", "troubleshoot up to the demarcation point, and conclude (R-151)", writes=True),
    Permission("visit.read", "see the visits to switching offices and their log", reveals=True),
    Permission("visit.ask", "coordinate a visit of an agency to a switching office (R-155)", writes=True),
    Permission("visit.coordinate", "agree the time of a visit, as Security and Fraud (R-154)", writes=True),
    Permission("visit.admit", "let in against picture ID, or turn away (R-154, R-155)", writes=True),
    # money
    Permission(
        "billing.read",
        "see bills, invoices and payments of cases that are not sealed to others",
        reveals=True,
    ),
    Permission("billing.work", "correct what a price rests on, note a dispute", writes=True),
    Permission("billing.issue", "make invoices and send them", writes=True),
    Permission(
        "billing.waive", "waive a charge before it is invoiced, and write down why", writes=True, step_up=True
    ),
    Permission(
        "billing.credit", "correct an invoice by a credit note, or give it up", writes=True, step_up=True
    ),
    Permission("billing.pay", "take payments in and match them", writes=True),
    Permission(
        "switch.work",
        "accept, report and confirm work on a switch; never confirm one's own",
        reveals=True,
        writes=True,
    ),
    Permission(
        "switch.settle",
        "settle a difference between a switch and what is desired, as a person who looked",
        writes=True,
    ),
    # the on-call ladder
    Permission("oncall.read", "see who is on call, the roster, and every escalation"),
    Permission(
        "oncall.answer",
        "be on call: take an escalation, read who called, record the call-back (R-085)",
        reveals=True,
        writes=True,
    ),
    Permission(
        "oncall.escalate",
        "begin an escalation, take one, and see how it climbs and whom to call; never what it is about (R-090)",
        writes=True,
    ),
    Permission("oncall.roster", "keep the roster, and how each person on it is reached", writes=True),
    # reports
    Permission("report.read", "see reports, take them away and have them derived again from the trail"),
    Permission("report.make", "make a report of a period from the trail", writes=True),
    Permission(
        "report.certify",
        "state about a year's register of disclosures what the rule asks of an officer (47 CFR 64.2009(e))",
        writes=True,
        step_up=True,
    ),
    # inventory, trail, guide, machine
    Permission("inventory.read", "see the state of the number inventory and its loads"),
    Permission("inventory.history", "see who had a number and since when, for a case", reveals=True),
    Permission("inventory.load", "load a snapshot or a change feed of numbers", writes=True),
    Permission("subscriber.read", "see the lists of subscribers: how old they are and what each changed"),
    Permission("subscriber.load", "load a full list of subscribers from the billing system", writes=True),
    Permission(
        "subscriber.rejects", "read the lines of a list that were not taken, as they are", reveals=True
    ),
    Permission(
        "subscriber.match", "hold an order's customer information against the bill (R-115)", reveals=True
    ),
    # call-detail records
    Permission(
        "records.read", "see what the record stores hold: files, days, proofs of purge; never a record"
    ),
    Permission("records.load", "load the files of switches, compact and purge the stores", writes=True),
    Permission("records.search", "search call-detail records within a granted scope", reveals=True),
    Permission("records.hold", "keep records of a number beyond their retention, for a matter", writes=True),
    Permission("trail.search", "search the trail; every search is itself an event", reveals=True),
    Permission(
        "epoch.destroy", "destroy everything sealed in a retention epoch, for ever", writes=True, step_up=True
    ),
    Permission("keys.rotate", "wrap the keys of all epochs by a new sealing key", writes=True, step_up=True),
    Permission(
        "guide.read",
        "see the carrier's guide as its files are, with what contradicts itself and what changes",
    ),
    Permission("guide.propose", "propose the guide's files to be put in force", writes=True),
    Permission(
        "guide.activate",
        "put the guide's files in force that another person proposed (control 6)",
        writes=True,
        step_up=True,
    ),
    Permission("recovery.read", "see that this installation is in recovery, and what waits in it"),
    Permission(
        "recovery.enter",
        "put this installation back from a copy, at its command line",
        writes=True,
        step_up=True,
    ),
    Permission("recovery.leave", "say, as one of two, that a recovery is over", writes=True, step_up=True),
    Permission("invariant.read", "see what the watcher of the invariants finds: ids and ages"),
    Permission("invariant.told", "be told of everything that the watcher of the invariants finds"),
    Permission("trail.verify", "verify the trail now and take its proofs away"),
)
PERMISSIONS: dict[str, Permission] = {each.name: each for each in _PERMISSIONS}
