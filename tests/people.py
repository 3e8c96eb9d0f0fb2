"""Signing in through the real door, for tests of pages: password and code, as a person would."""

import hashlib
import hmac
import struct
from dataclasses import dataclass
from datetime import datetime

import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from django.test import Client

from tecum.accounts.rules import PersonView
from tecum.models import Person
from tests import make

SECRET = "JBSWY3DPEHPK3PXP"


def code_at(at: datetime, secret: str = SECRET) -> str:
    """Return what an authenticator app shows at an instant (RFC 6238), computed without the library under test."""
    import base64

    counter = struct.pack(">Q", int(at.timestamp()) // 30)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset : offset + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


@dataclass
class Visitor:
    """A browser without a screen that belongs to one person."""

    who: PersonView
    client: Client

    def get(self, path: str, **more):
        return self.client.get(path, **more)

    def post(self, path: str, data=None, **more):
        return self.client.post(path, data or {}, **more)


def enrolled(who: PersonView) -> PersonView:
    """Give a person a password and an authenticator app."""
    view = make.with_password(who)
    TOTP.activate(Person.objects.get(pk=who.id), SECRET)
    return view


def sign_in(who: PersonView, *, at: datetime, client: Client | None = None) -> Visitor:
    """Sign a person in at an instant, with password and code, through the pages."""
    if not Authenticator.objects.filter(user=who.id).exists():
        enrolled(who)
    if client is None:
        client = Client()
        cache.clear()  # the limits count by address and minute, and every test signs in from one address at one noon
    with time_machine.travel(at, tick=False):
        client.post("/sign-in/", {"login": who.email, "password": make.PASSWORD})
        answer = client.post("/sign-in/second-factor/", {"code": code_at(at)})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return Visitor(who, client)
