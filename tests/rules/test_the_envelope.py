"""What is sealed opens whole, in its place, under its key, or not at all."""

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tecum.secrecy.drivers import envelope
from tecum.secrecy.drivers.envelope import CHUNK, HEAD, TAG, Tampered

KEY = bytes(range(32))


def sealed(content: bytes, about: str = "file 1", key: bytes = KEY) -> bytes:
    return b"".join(envelope.seal(key, [content], about=about))


def opened(box: bytes, about: str = "file 1", key: bytes = KEY) -> bytes:
    return b"".join(envelope.unseal(key, [box], about=about))


@given(
    st.sampled_from([0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 17]),
    st.lists(st.integers(1, 3 * CHUNK), max_size=5),
)
def test_every_size_comes_back_however_it_is_cut_into_pieces(size, cuts):
    content = secrets.token_bytes(size)
    box = sealed(content)
    pieces, rest = [], box
    for cut in cuts:
        pieces.append(rest[:cut])
        rest = rest[cut:]

    assert b"".join(envelope.unseal(KEY, [*pieces, rest], about="file 1")) == content


@pytest.mark.parametrize(
    "spoil",
    [
        lambda box: box[:-1],
        lambda box: box + b"\0",
        lambda box: box[: HEAD + CHUNK + TAG],  # the last chunk dropped
        lambda box: box[:HEAD] + box[HEAD + CHUNK + TAG :],  # the first chunk dropped
        lambda box: box[:HEAD] + box[HEAD + CHUNK + TAG :] + box[HEAD : HEAD + CHUNK + TAG],  # swapped
        lambda box: b"TCE0" + box[4:],
        lambda box: box[:10] + bytes([box[10] ^ 1]) + box[11:],
        lambda box: box[:-20] + bytes([box[-20] ^ 1]) + box[-19:],
        lambda box: b"",
    ],
)
def test_whatever_is_changed_dropped_or_swapped_is_noticed(spoil):
    box = sealed(secrets.token_bytes(2 * CHUNK))

    with pytest.raises(Tampered):
        opened(spoil(box))


def test_an_envelope_in_the_place_of_another_does_not_open():
    with pytest.raises(Tampered):
        opened(sealed(b"the badge", about="file 1"), about="file 2")


def test_another_key_opens_nothing():
    with pytest.raises(Tampered):
        opened(sealed(b"the badge"), key=bytes(32))


def test_equal_contents_have_nothing_in_common():
    assert sealed(b"the badge")[4:] != sealed(b"the badge")[4:]


@pytest.mark.sabotage("control 13")
def test_without_associated_data_a_file_could_take_the_place_of_another(monkeypatch):
    real = envelope._opened
    monkeypatch.setattr(
        envelope, "_opened", lambda cipher, nonce, piece, _about: real(cipher, nonce, piece, "file 1")
    )

    assert opened(sealed(b"the badge", about="file 1"), about="file 2") == b"the badge"
