"""Signed notes and checkpoints: what others publish passes, what is spoilt does not."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tecum.audit.drivers.keys import SigningKey
from tecum_verify.notes import BadNote, Checkpoint, PublicKey, checkpoint, opened

# The example in the documentation of Go's package golang.org/x/mod/sumdb/note.
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_TEXT = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
)
GO_NOTE = (
    GO_TEXT
    + "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
MINE = SigningKey("example.net/trail", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
CHECKPOINT = Checkpoint("example.net/trail", 42, bytes(32))
NOTE = MINE.sign(str(CHECKPOINT))


def test_a_note_signed_by_gos_own_package_opens_with_its_key():
    assert opened(GO_NOTE, PublicKey.read(GO_KEY)) == GO_TEXT
    assert str(PublicKey.read(GO_KEY)) == GO_KEY


def test_a_checkpoint_comes_back_as_it_was_signed():
    assert checkpoint(NOTE, MINE.public) == CHECKPOINT


def test_a_witness_beside_us_changes_nothing():
    witness = SigningKey("witness.example", Ed25519PrivateKey.generate())
    line = witness.sign(str(CHECKPOINT)).rpartition("\n\n")[2]

    assert checkpoint(NOTE + line, MINE.public) == CHECKPOINT
    assert checkpoint(NOTE + line, witness.public) == CHECKPOINT


@pytest.mark.parametrize(
    "spoilt",
    [
        NOTE.replace("42", "43"),
        NOTE.replace("\n42\n", "\n042\n"),
        NOTE.replace("example.net/trail\n42", "example.net/other\n42"),
        NOTE.replace("\n\n", "\n"),
        NOTE[:-1],
        NOTE[:-10] + "\n",
        NOTE.replace("— ", "- "),
        NOTE.replace("— ", "—  "),
        NOTE + "\n",
        NOTE + "anything\n",
        NOTE.replace("\n42", "\r\n42"),
        "\x00" + NOTE,
        "",
        "\n\n",
        NOTE + "x" * 70_000,
        GO_NOTE,
    ],
)
def test_a_spoilt_checkpoint_is_refused(spoilt):
    with pytest.raises(BadNote):
        checkpoint(spoilt, MINE.public)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "a\n",
        "a\n1\n",
        "a\n1\nAAAA\n",
        "a\n-1\n" + "A" * 43 + "=\n",
        "a\n٣\n" + "A" * 43 + "=\n",
        "a\n1\n\n" + "A" * 43 + "=\n",
    ],
)
def test_a_signed_text_that_is_no_checkpoint_is_refused(body):
    with pytest.raises(BadNote):
        checkpoint(MINE.sign(body), MINE.public)


def test_another_spelling_of_the_same_root_is_refused():
    text = str(CHECKPOINT).replace("A=", "B=")  # the last two bits of base64 are padding

    with pytest.raises(BadNote):
        checkpoint(MINE.sign(text), MINE.public)


def test_a_signature_under_our_name_by_another_key_is_no_signature():
    false = SigningKey(MINE.name, Ed25519PrivateKey.generate())

    with pytest.raises(BadNote, match="did not sign"):
        checkpoint(false.sign(str(CHECKPOINT)), MINE.public)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        "name+00000000+AAAA",
        "two words+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        GO_KEY.replace("Peter", "Paula"),
        GO_KEY.replace("ARpc", "AhpC"),
        GO_KEY[:-4],
    ],
)
def test_a_damaged_key_is_refused(text):
    with pytest.raises(BadNote):
        PublicKey.read(text)
