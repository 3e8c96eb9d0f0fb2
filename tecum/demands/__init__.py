"""
Legal demands for records: review, scope, preservation, silence, withdrawal, objection, and the queue of what is due.

A *demand* is one legal process for records in a case. Its *lines* say what was demanded, what the process supports and
what is granted: product × number × half-open interval, each with its clause. A *scope* is what the granted lines come to.
A *preservation* keeps records for an agency until process follows (18 USC 2703(f)); a *hold* keeps them for a demand.
"""
