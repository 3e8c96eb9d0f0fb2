"""
Who may know, and what can still be read. A *matter* is whatever belongs together and is kept or destroyed together: a
message, an application, a case. It has a *data key* of its own, wrapped by the key of a *retention epoch* (a kind of
record and a month), which is wrapped by the *key-encryption key* of this machine. The keys of epochs lie in a folder
outside the database: once an epoch's key is destroyed, nothing sealed under it can be read any more, in no backup of
the database or of the files either (assurance control 13). The *need-to-know list* of a sealed matter names who may
know that it exists.
"""
