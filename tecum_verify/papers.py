"""Whether the signed statement and the receipt of a production are of these files."""

import json
import re
from hashlib import sha256

from tecum_verify.bags import MANIFEST, About, Bag, Finding
from tecum_verify.merkle import leaf_hash
from tecum_verify.scopes import Contents, Scope

RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]")
OCTAL = re.compile(rb"\\([0-7]{3})")
MESSAGE_DIGEST = bytes.fromhex(
    "06092a864886f70d010904"
)  # the signed attribute messageDigest (1.2.840.113549.1.9.4)
SHA256_VALUE = b"\x31\x22\x04\x20"  # SET of one OCTET STRING of 32 bytes
KINDS = {"certificate", "disclaimer", "no_records"}


def check(bag: Bag, listed: Contents, *, scope: Scope) -> list[Finding]:
    """Return what is wrong with statement, coverage.pdf and receipt."""
    manifest = bag.digest(MANIFEST)
    wanted = {"TecumManifest": manifest, "TecumScope": scope.digest, "TecumProduction": listed.production}
    found = []
    for name in (listed.statement, "coverage.pdf"):
        if name not in bag.names:
            found.append(Finding(About.PAPER, name, "it is missing."))
            continue
        with bag.open(name) as file:
            data = file.read()
        found += [Finding(About.PAPER, name, words) for words in _paper(data, wanted)]
        if name == listed.statement:
            found += [Finding(About.PAPER, name, words) for words in _signature(data)]
    if listed.kind not in KINDS or (listed.kind == "no_records") != (not listed.files):
        found.append(
            Finding(
                About.PAPER, listed.statement, "it is not the kind of statement that goes with these files."
            )
        )
    return found + _receipt(bag, manifest, scope)


def _paper(data: bytes, wanted: dict[str, str]) -> list[str]:
    """Hold what a paper says it is about against the files."""
    words = {
        "TecumManifest": "it is not about these files: it names another hash of the manifest.",
        "TecumScope": "it is not about this scope: it names another hash of scope.json.",
        "TecumProduction": "it is of another production.",
    }
    said = {
        name: {
            OCTAL.sub(_character, value) for value in re.findall(rb"/%s\s*\(([^)]*)\)" % name.encode(), data)
        }
        for name in wanted
    }
    return [words[name] for name, value in wanted.items() if said[name] != {value.encode()}]


def _character(escaped: re.Match[bytes]) -> bytes:
    """Return the character that a text in a PDF writes as a backslash and three octal digits."""
    return bytes([int(escaped[1], 8) & 0xFF])


def _signature(data: bytes) -> list[str]:
    """Tell whether the signed digest is that of the file as it is; whose key signed it, pdfsig tells."""
    ranges = RANGE.findall(data)
    if len(ranges) != 1:
        return ["it carries no signature, or more than one."]
    first, length, second, rest = (int(number) for number in ranges[0])
    gap = data[first + length : second]
    whole = first == 0 and second + rest == len(data) and gap[:1] == b"<" and gap[-1:] == b">"
    try:
        signature = bytes.fromhex(gap[1:-1].decode("ascii")) if whole else b""
    except ValueError:
        signature = b""
    if not signature:
        return ["its signature does not cover the whole file."]
    at = signature.find(MESSAGE_DIGEST)
    value = signature[at + len(MESSAGE_DIGEST) :]
    digest = sha256(data[:length] + data[second:]).digest()
    if at < 0 or value[:4] != SHA256_VALUE or value[4:36] != digest:
        return ["it was changed after it was signed."]
    return []


def _receipt(bag: Bag, manifest: str, scope: Scope) -> list[Finding]:
    """Hold the entry of the trail against its receipt, and against these files."""
    name = "receipt.json"
    try:
        said = json.loads(bag.text(name)) if name in bag.names else {}
        entry = str(said["entry"])
        leaf = leaf_hash(entry.encode()).hex()
        told = json.loads(entry)
        data, event, matter = told["data"], told["event"], told["matter"]
    except (ValueError, KeyError, TypeError):
        return [Finding(About.PAPER, name, "it is missing or cannot be read.")]
    faults = (
        (
            said.get("leaf") != leaf or said.get("receipt") != short(leaf),
            "the receipt is not of the entry that it brings along.",
        ),
        (event != "production.assembled", "the entry is of something else than a production."),
        (data.get("manifest") != manifest, "the entry of the trail is not about these files."),
        (
            data.get("scope") != scope.digest or matter != scope.matter,
            "the entry of the trail is not about this scope.",
        ),
    )
    return [Finding(About.PAPER, name, words) for wrong, words in faults if wrong]


def short(leaf: str) -> str:
    """Return the short form of a receipt."""
    head = leaf[:12].upper()
    return f"{head[:4]}-{head[4:8]}-{head[8:]}"


def told(bag: Bag, receipt: str) -> list[Finding]:
    """Hold the production against a receipt that was told in another way."""
    wanted = receipt.replace("-", "").strip().upper()
    try:
        leaf = str(json.loads(bag.text("receipt.json"))["leaf"]).upper()
    except (ValueError, KeyError, TypeError):
        leaf = ""
    if len(wanted) < 8 or not leaf.startswith(wanted):
        return [Finding(About.PAPER, "receipt.json", f"it is not the receipt {receipt} that you were told.")]
    return []
