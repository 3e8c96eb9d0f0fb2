"""The carrier's signature under a PDF (PAdES, ETSI EN 319 142), and the certificate it is made with."""

import datetime as dates
import io
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from tecum.kernel.later import Later
from tecum.kernel.refusals import Refused

keys = Later("pyhanko.keys")
writing = Later("pyhanko.pdf_utils.incremental_writer")
fields = Later("pyhanko.sign.fields")
signers = Later("pyhanko.sign.signers")
registry = Later("pyhanko_certvalidator.registry")

KEY_BITS = 3072
FIELD = "CarrierSignature"


class NoSigningKey(Refused):
    """The carrier's signing certificate is not there, or cannot be read."""


@dataclass(frozen=True, slots=True)
class SignedBy:
    """Who the signing certificate names, its SHA-256, until when it is good, and whether the carrier made it itself."""

    subject: str
    fingerprint: str
    until: dates.datetime
    self_made: bool


def sign(pdf: bytes, *, pem: Path, reason: str) -> bytes:
    """
    Return the PDF with the carrier's signature, which covers every byte before it.

    :raises NoSigningKey: without a key and certificate in the file
    """
    data = _read(pem)
    try:
        key = keys.load_private_key_from_pemder_data(data, passphrase=None)
        first, *others = list(keys.load_certs_from_pemder_data(data))
    except ValueError as fault:
        raise NoSigningKey(f"The signing key cannot be read: {fault}") from None
    store = registry.SimpleCertificateStore()
    store.register_multiple(others)
    signer = signers.SimpleSigner(signing_cert=first, signing_key=key, cert_registry=store)
    meta = signers.PdfSignatureMetadata(
        field_name=FIELD,
        reason=reason,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
    )

    def signed() -> bytes:
        out = signers.sign_pdf(writing.IncrementalPdfFileWriter(io.BytesIO(pdf)), meta, signer=signer)
        return bytes(out.getvalue())

    # pyHanko begins an event loop of its own, which a thread that runs one already does not allow.
    with ThreadPoolExecutor(1) as another:
        return another.submit(signed).result()


def certificate(pem: Path) -> SignedBy:
    """Return what the signing certificate says. :raises NoSigningKey: without one"""
    try:
        found = x509.load_pem_x509_certificates(_read(pem))[0]
    except ValueError as fault:
        raise NoSigningKey(f"The signing certificate cannot be read: {fault}") from None
    return SignedBy(
        subject=found.subject.rfc4514_string(),
        fingerprint=found.fingerprint(hashes.SHA256()).hex(),
        until=found.not_valid_after_utc,
        self_made=found.issuer == found.subject,
    )


def create(pem: Path, *, carrier: str, now: dates.datetime, years: int = 2) -> SignedBy:
    """
    Make a key and a certificate that nobody else vouches for, for demonstrations and tests.

    :raises NoSigningKey: where there is a file already; it is never overwritten
    """
    key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    name = x509.Name([
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, carrier[:64]),
        x509.NameAttribute(NameOID.COMMON_NAME, "Productions, self-made certificate"),
    ])  # fmt: skip
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dates.timedelta(hours=1))
        .not_valid_after(now + dates.timedelta(days=365 * years))
        .add_extension(usage, critical=True)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    pem.parent.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(pem, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(private + made.public_bytes(serialization.Encoding.PEM))
    except FileExistsError:
        raise NoSigningKey(f"There is a file at {pem} already; it stays as it is.") from None
    return certificate(pem)


def _read(pem: Path) -> bytes:
    try:
        return pem.read_bytes()
    except OSError:
        raise NoSigningKey(
            f"The carrier's signing key and certificate are not at {pem}. A carrier puts its own there (PEM: the key, its "
            "certificate, those above it); `tecum keys signing` makes one that nobody vouches for."
        ) from None
