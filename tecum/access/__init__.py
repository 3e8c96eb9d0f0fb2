"""
Who may do what, as data: a *permission* is one verb, a *role* a set of them.

A person holds roles; an `Actor` carries the permissions of the roles that were held when the request began. `rules.require`
is the one question that every write and every recorded read asks first. Without Django: the matrix in
docs/reference/permissions.md is printed from here and a test compares it.
"""
