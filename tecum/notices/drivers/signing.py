"""DKIM: the keys of this machine, the signature, and the record that publishes a key."""

import base64
from pathlib import Path

import dkim
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

HEADERS = [
    b"from", b"to", b"subject", b"date", b"message-id", b"in-reply-to", b"references",
    b"auto-submitted", b"mime-version", b"content-type",
]  # fmt: skip
BITS = 2048

PrivateKey = rsa.RSAPrivateKey | Ed25519PrivateKey


class NoSigningKey(Exception):
    """The guide wants messages of a domain signed, and this machine has no good key for it."""


def key_file(folder: Path, *, domain: str, selector: str) -> Path:
    """Return where the private key of a domain and selector lies."""
    return folder / f"{selector}.{domain}.pem"


def make_key(path: Path) -> None:
    """Make an RSA key, which every receiver can check, readable by its owner only."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600, exist_ok=False)
    path.write_bytes(pem)


def read_key(path: Path) -> PrivateKey:
    """
    Return the private key in a file.

    :raises NoSigningKey: where there is none, or it is neither RSA nor Ed25519
    """
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), None)
    except FileNotFoundError:
        raise NoSigningKey(
            f"There is no signing key in {path}. Make one: tecum mail doctor --make-keys"
        ) from None
    except ValueError:
        raise NoSigningKey(f"The signing key in {path} cannot be read.") from None
    if not isinstance(key, (rsa.RSAPrivateKey, Ed25519PrivateKey)):
        raise NoSigningKey(f"The signing key in {path} is neither RSA nor Ed25519.")
    return key


def sign(raw: bytes, *, path: Path, domain: str, selector: str) -> bytes:
    """
    Return a message with its DKIM signature before it.

    :raises NoSigningKey: where this machine has no good key
    """
    key = read_key(path)
    if isinstance(key, rsa.RSAPrivateKey):
        secret = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
        algorithm = b"rsa-sha256"
    else:
        secret = base64.b64encode(key.private_bytes_raw())
        algorithm = b"ed25519-sha256"
    signature: bytes = dkim.sign(
        raw,
        selector.encode(),
        domain.encode(),
        secret,
        canonicalize=(b"relaxed", b"relaxed"),
        signature_algorithm=algorithm,
        include_headers=_present(raw),
    )
    return signature + raw


def record(key: PrivateKey) -> str:
    """Return the text of the DNS record that publishes a key."""
    if isinstance(key, rsa.RSAPrivateKey):
        der = key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return f"v=DKIM1; k=rsa; p={base64.b64encode(der).decode()}"
    return f"v=DKIM1; k=ed25519; p={base64.b64encode(key.public_key().public_bytes_raw()).decode()}"


def _present(raw: bytes) -> list[bytes]:
    head = raw.partition(b"\r\n\r\n")[0].lower()
    return [name for name in HEADERS if head.startswith(name + b":") or b"\r\n" + name + b":" in head]
