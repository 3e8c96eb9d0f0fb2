"""A time-stamp of an authority on the manifest (RFC 3161), where one is configured."""

import secrets
from hashlib import sha256

import httpx
from asn1crypto import algos, tsp

from tecum.kernel.refusals import Refused

SECONDS = 20
MEDIA = "application/timestamp-query"


class NoStamp(Refused):
    """The authority gave no time-stamp; the package is made later, when it does."""


def stamp(content: bytes, *, authority: str) -> bytes:
    """
    Return the authority's whole answer (DER), which `openssl ts -verify -in` reads.

    :raises NoStamp: where it cannot be reached, refuses, or answers another question
    """
    digest, nonce = sha256(content).digest(), secrets.randbits(63)
    query = tsp.TimeStampReq({
        "version": 1,
        "message_imprint": {"hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}), "hashed_message": digest},
        "nonce": nonce,
        "cert_req": True,
    })  # fmt: skip
    try:
        got = httpx.post(authority, content=query.dump(), headers={"Content-Type": MEDIA}, timeout=SECONDS)
        got.raise_for_status()
        answer = tsp.TimeStampResp.load(got.content)
        granted = answer["status"]["status"].native in ("granted", "granted_with_mods")
        info = (
            answer["time_stamp_token"]["content"]["encap_content_info"]["content"].parsed if granted else None
        )
    except (httpx.HTTPError, ValueError, TypeError, KeyError) as fault:
        raise NoStamp(f"The time-stamping authority cannot be used: {type(fault).__name__}.") from None
    if info is None:
        raise NoStamp("The time-stamping authority refused.")
    if info["message_imprint"]["hashed_message"].native != digest or info["nonce"].native != nonce:
        raise NoStamp("The time-stamping authority answered another question.")
    return got.content
