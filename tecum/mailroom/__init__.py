"""
Where messages come in and are handed on: the doors (LMTP and SMTP, IMAP, files), the sorting, and one table that says
which operation takes a message of a class. It holds no state of its own: everything is in `inbox`.
"""
