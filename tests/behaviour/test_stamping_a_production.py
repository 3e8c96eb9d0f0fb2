"""A real authority on loopback (openssl) stamps the manifest, and openssl finds the stamp good; without it nothing is made."""

import http.server
import subprocess
import threading

import pytest

from tecum.kernel.actors import Actor
from tecum.models import Production
from tecum.production import operations as productions
from tecum.production.drivers import stamping
from tecum.production.drivers.stamping import NoStamp
from tecum_verify import production as verifier
from tests.make import NOON
from tests.productions import (
    case,
    package,
    signing,  # noqa: F401
    unpacked,
)

CONFIG = """
[req]
distinguished_name = name
prompt = no
[name]
CN = Invented time-stamping authority
[tsa]
default_tsa = one
[one]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/tsa.pem
certs = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256
[ext]
extendedKeyUsage = critical,timeStamping
basicConstraints = critical,CA:true
"""


def openssl(*words, cwd):
    return subprocess.run(["openssl", *words], cwd=cwd, capture_output=True)


@pytest.fixture
def authority(tmp_path):
    """An authority that answers with what `openssl ts -reply` makes, or with what a test puts in its place."""
    folder = tmp_path / "authority"
    folder.mkdir()
    (folder / "conf").write_text(CONFIG.format(folder=folder))
    (folder / "serial").write_text("01\n")
    made = openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "tsa.key", "-out", "tsa.pem", "-days", "30",
                   "-config", "conf", "-extensions", "ext", cwd=folder)  # fmt: skip
    assert made.returncode == 0, made.stderr
    replies = {}

    class Answers(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            (folder / "query").write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
            if "instead" not in replies:
                openssl(
                    "ts",
                    "-reply",
                    "-queryfile",
                    "query",
                    "-out",
                    "reply",
                    "-config",
                    "conf",
                    "-section",
                    "one",
                    cwd=folder,
                )
            content = replies.get("instead", b"") or (folder / "reply").read_bytes()
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/", folder, replies
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.usefixtures("signing")
@pytest.mark.django_db(transaction=True)
def test_a_stamped_production_is_found_good_by_openssl_and_by_the_verifier(authority, settings, tmp_path):
    address, folder, _ = authority
    settings.TECUM_TIMESTAMP_AUTHORITY = address

    bag = unpacked(package(case().made()), tmp_path / "unpacked")

    words = (
        "ts",
        "-verify",
        "-data",
        "manifest-sha256.txt",
        "-in",
        "manifest-sha256.txt.tsr",
        "-CAfile",
        str(folder / "tsa.pem"),
    )
    good = openssl(*words, cwd=bag)
    assert b"Verification: OK" in good.stdout + good.stderr
    assert verifier.main([str(bag)]) == 0
    (bag / "manifest-sha256.txt").write_text("0" * 64 + "  data/x\n")
    assert openssl(*words, cwd=bag).returncode != 0


def test_an_authority_that_answers_another_question_or_none_is_refused(authority):
    address, folder, replies = authority
    stamping.stamp(b"one", authority=address)
    replies["instead"] = (folder / "reply").read_bytes()

    with pytest.raises(NoStamp, match="another question"):
        stamping.stamp(b"two", authority=address)
    with pytest.raises(NoStamp, match="another question"):
        stamping.stamp(b"one", authority=address)  # an old answer to the same question has another nonce
    replies["instead"] = b"<html>sorry</html>"
    with pytest.raises(NoStamp):
        stamping.stamp(b"one", authority=address)


@pytest.mark.usefixtures("signing")
@pytest.mark.django_db(transaction=True)
def test_while_the_authority_is_away_nothing_is_made_and_nothing_is_lost(settings):
    settings.TECUM_TIMESTAMP_AUTHORITY = "http://127.0.0.1:9/"
    id = case().prepare()

    with pytest.raises(NoStamp):
        productions.make(production=id, by=Actor.system("jobs"), now=NOON)

    assert Production.objects.get(pk=id).state == "PREPARING"
