"""allauth tells what happened by signals only: each has a listener or a reason, and one file alone may listen."""

import re
from pathlib import Path

import pytest
from allauth.account import signals as account
from allauth.mfa import signals as mfa
from django.dispatch import Signal

from tecum.web.sign_in.signals import LISTENERS, SAID_ELSEWHERE

ROOT = Path(__file__).resolve().parents[2]
SENT = {
    f"{module.__name__}.{name}": signal
    for module in (account, mfa)
    for name, signal in vars(module).items()
    if isinstance(signal, Signal)
}


@pytest.mark.parametrize("name", SENT)
def test_every_signal_of_allauth_becomes_an_event_or_says_why_not(name):
    known = [signal for signal, _ in (*LISTENERS, *SAID_ELSEWHERE)]

    assert SENT[name] in known, f"{name} is new: give it a listener or a reason"


def test_every_listener_is_connected():
    for signal, listener in LISTENERS:
        assert any(f"tecum.{listener.__name__}" in str(key) for key, *_ in signal.receivers)


@pytest.mark.sabotage("control 12")
def test_a_signal_without_a_line_would_be_noticed():
    known = [signal for signal, _ in SAID_ELSEWHERE]

    assert mfa.authenticator_added not in known
    assert any(signal is mfa.authenticator_added for signal, _ in LISTENERS)


def test_no_other_file_listens_to_signals():
    listening = re.compile(r"\.connect\(|dispatch import|@receiver")
    files = [path for path in (ROOT / "tecum").rglob("*.py") if listening.search(path.read_text())]
    # SQLite's own connections are `connect`ed too; only Django's dispatcher counts.
    found = [path.relative_to(ROOT).as_posix() for path in files if "django.dispatch" in path.read_text()]

    assert found == ["tecum/web/sign_in/signals.py"]
