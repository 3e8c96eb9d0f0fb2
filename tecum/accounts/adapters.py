"""What allauth's second factors need of us: secrets that do not lie in clear, names, and the relying party."""

import base64
import os
import secrets
from functools import lru_cache
from pathlib import Path

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from tecum.accounts.models import Person

KEY_BYTES = 32
NONCE_BYTES = 12
PURPOSE = b"tecum second factor 1"
MARK = "a1:"  # AES-256-GCM, first format; a secret without it was never encrypted by us


class SecretUnreadable(Exception):
    """A second factor's secret was encrypted with a key that is not in the key file."""


def keys() -> list[bytes]:
    """
    Return the keys of TECUM_FACTOR_KEY_FILE, one per line in base64: the first encrypts, all decrypt.

    The file is made at first use, readable by this user only. It belongs in no backup that holds the database.
    """
    path = Path(settings.TECUM_FACTOR_KEY_FILE)
    if not path.exists():
        _make(path)
    return _read(str(path), path.stat().st_mtime_ns)


def encrypt(text: str) -> str:
    """Return a secret encrypted under the first key."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return MARK + base64.b64encode(nonce + AESGCM(keys()[0]).encrypt(nonce, text.encode(), PURPOSE)).decode()


def decrypt(text: str) -> str:
    """
    Return a secret in clear.

    :raises SecretUnreadable: when no key of the file opens it
    """
    sealed = base64.b64decode(text.removeprefix(MARK))
    for key in keys():
        try:
            return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], PURPOSE).decode()
        except Exception:  # noqa: S112  another key may fit
            continue
    raise SecretUnreadable("No key in TECUM_FACTOR_KEY_FILE opens this secret.")


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """allauth's hooks for second factors."""

    def encrypt(self, text: str) -> str:
        """Keep TOTP secrets and recovery seeds unreadable in the database and its backups."""
        return encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Open what `encrypt` closed."""
        return decrypt(encrypted_text)

    def get_totp_issuer(self) -> str:
        """Name the portal in the person's authenticator app."""
        return settings.PUBLIC_ADDRESS.partition("://")[2].partition(":")[0]

    def generate_authenticator_name(self, user: Person, type: str) -> str:
        """Suggest a name for a passkey."""
        return f"Passkey {Authenticator.objects.filter(user=user.pk, type=type).count() + 1}"

    def send_notification_mail(self, *args: object, **kwargs: object) -> None:
        """Send nothing: what happened is an event, and notices are sent by `notices` alone."""


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another worker was first
        return
    with os.fdopen(file, "wb") as out:
        out.write(base64.b64encode(secrets.token_bytes(KEY_BYTES)) + b"\n")


@lru_cache(maxsize=4)
def _read(path: str, _changed: int) -> list[bytes]:
    found = [base64.b64decode(line) for line in Path(path).read_bytes().split()]
    if not found or any(len(key) != KEY_BYTES for key in found):
        raise SecretUnreadable("TECUM_FACTOR_KEY_FILE holds no key of 32 bytes in base64 on each line.")
    return found
