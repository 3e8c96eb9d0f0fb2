"""
The door through which people come in: allauth's sign-in, second factors and passkeys, translated to our operations.

`adapters` and `signals` are the only places where allauth speaks and we listen; `middleware` says who acts on every
request and asks the gate of every page; `views` are the pages of sign-in, `account` those of the own account.
"""
