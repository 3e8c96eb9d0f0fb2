"""What to try with each role of the demo, in the order worth clicking."""

TRIES: dict[str, str] = {
    "le_user": "Look up (292) 555-0142 and (392) 555-0163, compare with April 2022, save the spreadsheet; under My cases, fetch the answer to the subpoena and verify it.",
    "portal_administrator": "People, agencies, customers and their consents, the state of the numbers, every disclosure.",
    "customer_contact": "Withdraw the consent, look (292) 555-0117 up again as the officer, give it back.",
    "auditor": "Search the trail, verify it now, take a bundle away that verifies without us.",
    "security_and_fraud": "The hit rate by week, and warnings about mapping of a block; agree date and time of a visit the administrator asks for.",
    "counsel": "Approve the scope that the analyst proposed; what was disclosed to whom, and the trail.",
    "guide_editor": "The carrier’s guide as every page reads it: its versions, what changed between them; propose the files, counsel activates them.",
    "system_administrator": "Gives staff their roles; sees no customer’s and no officer’s data.",
    "supervisor": "Confirm once a quarter that Ines Barrowclough still needs the portal; what she asked is not shown.",
    "noc_escalation": "Type in a call, see whom to call and how the ladder climbs; who called is sealed, by design.",
    "subpoena_analyst": "Take the grand-jury subpoena from the queue, confirm what it says, decide, propose the scope; counsel approves it.",
    "order_administrator": "Take the court order that came by fax, confirm what it says, see every reading of its end. Under Emergencies approve what the administrator on call proposed. Starts and ends: one ends today. Certifications: two wait, one is signed, with the order inside its PDF. Trouble: an agency hears nothing.",
    "on_call_administrator": "Under Emergencies call Marrow County back (write down what you heard) and propose the disclosure; the order administrator approves it. Somebody else waits too: under On call read who called and record the call-back; look at last night’s record, and at the roster.",
    "certifying_officer": "Read the reports, and certify the year’s register of disclosures.",
    "billing": "Invoice the answered subpoena: read why each line costs what it costs, issue the invoice, look at its PDF, send it, enter a payment.",
    "switch_technician": "Work on switches, once the administrator opens the internal ticket of the agency that hears nothing.",
    "mso_staff": "Visits: turn away somebody whom nobody announced; let in whom Security and Fraud agreed.",
    "partner_compliance_officer": "The agencies, to know who hands something over. What is handed to the partner itself goes out by letter and by telephone (R-163).",
}
