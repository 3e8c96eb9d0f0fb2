"""System checks: a mistake in this machine's configuration is said with its fix."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.core.exceptions import ImproperlyConfigured

from tecum.accounts import adapters
from tecum.audit.drivers import keys
from tecum.guide.loading import NoGuide, find, load_all
from tecum.guide.problems import FaultyGuide
from tecum.policy import queries as policy
from tecum.secrecy.drivers import keyring

LOOPBACK = ("http://127.0.0.1:", "http://localhost:")


@register()
def secret_key(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """Refuse to run without a secret key of one's own."""
    try:
        if len(settings.SECRET_KEY) >= 40:
            return []
    except ImproperlyConfigured:  # Django's own word for an empty one; ours names the fix
        pass
    return [
        Error(
            "TECUM_SECRET_KEY is missing or shorter than 40 characters.",
            hint="Write 50 random characters into a file that only this user reads and set TECUM_SECRET_KEY_FILE to it.",
            id="tecum.E001",
        ),
    ]


@register()
def sealing_key(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """Say when nothing can be sealed, and refuse a key that others may read."""
    path = Path(settings.TECUM_SEALING_KEY_FILE)
    if not path.exists():
        hint = "Make one before the first message or consent arrives: tecum keys create"
        return [Warning(f"There is no sealing key in {path}.", hint=hint, id="tecum.W003")]
    try:
        keyring.load(path)
    except keyring.NoSealingKey as refusal:
        return [
            Error(str(refusal), hint="Each line is one key; only its owner may read it.", id="tecum.E005")
        ]
    return []


@register()
def trail_key(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """Say when the trail cannot be signed, and refuse a key that others may read."""
    path = Path(settings.TECUM_TRAIL_KEY_FILE)
    if not path.exists():
        hint = "Make one before the first entry: tecum audit key"
        return [Warning(f"The trail has no signing key in {path}.", hint=hint, id="tecum.W004")]
    try:
        keys.load(path)
    except keys.NoKey as refusal:
        return [Error(str(refusal), hint="Only its owner may read it.", id="tecum.E004")]
    return []


@register()
def trail_anchors(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """Say when whoever administers this machine could take every copy of the checkpoints back."""
    apart = [place for place in settings.TECUM_TRAIL_ANCHORS if settings.DATA not in Path(place).parents]
    if apart or settings.INSECURE_LOOPBACK:
        return []
    hint = "Set TECUM_TRAIL_ANCHORS to a folder that the administrators of this machine cannot rewrite."
    return [Warning("No checkpoint of the trail is kept outside.", hint=hint, id="tecum.W005")]


@register()
def factor_key(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """Refuse a key of second factors that cannot be read, or that others may read; a missing one is made at first use."""
    path = Path(settings.TECUM_FACTOR_KEY_FILE)
    if not path.exists():
        return []
    hint = "It holds 32 bytes in base64 on each line; only its owner may read it (chmod 600)."
    if path.stat().st_mode & 0o077:
        return [Error(f"Others than its owner may read {path}.", hint=hint, id="tecum.E006")]
    try:
        adapters.keys()
    except (adapters.SecretUnreadable, OSError, ValueError) as fault:
        return [Error(f"{path} cannot be used: {fault}", hint=hint, id="tecum.E006")]
    return []


@register()
def guide_loads(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """Say when the carrier's guide cannot be read: with an earlier copy the desk goes on, without one it cannot."""
    try:
        load_all(find(str(settings.TECUM_GUIDE), Path(settings.ROOT) / "guides"))
    except NoGuide as missing:
        hint = "Set TECUM_GUIDE to the folder of a guide, or to the name of one in guides/."
        return [Error(str(missing), hint=hint, id="tecum.E007")]
    except FaultyGuide as faulty:
        kind, number = (Warning, "tecum.W007") if policy.kept() else (Error, "tecum.E007")
        first = faulty.problems[0]
        said = f"The guide has {len(faulty.problems)} mistakes; the first: {first.place.file}:{first.place.line} {first.sentence}"
        return [kind(said, hint="See them all: tecum guide check", id=number)]
    return []


@register()
def test_fault(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """Say when a load would die on purpose outside the tests."""
    if settings.TESTING or "TECUM_TEST_FAIL_AT" not in os.environ:
        return []
    said = "TECUM_TEST_FAIL_AT kills a load of numbers at a set point."
    return [Warning(said, hint="Unset it: it is for tests only.", id="tecum.W006")]


@register()
def test_clock(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """Refuse a shifted clock outside the tests."""
    if settings.TESTING or "TECUM_TEST_CLOCK" not in os.environ:
        return []
    return [
        Error("TECUM_TEST_CLOCK shifts the clock.", hint="Unset it: it is for tests only.", id="tecum.E002")
    ]


@register()
def demo_on_loopback(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """Refuse the demo's one-click sign-in anywhere but on loopback."""
    if not settings.DEMO or (settings.INSECURE_LOOPBACK and settings.PUBLIC_ADDRESS.startswith(LOOPBACK)):
        return []
    return [
        Error(
            "TECUM_DEMO lets anybody sign in as anybody.",
            hint="Unset TECUM_DEMO. `./run demo` sets it together with an address on loopback.",
            id="tecum.E003",
        ),
    ]
