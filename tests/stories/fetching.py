"""The end of every story that answers: the officer signs in, fetches the package, and it is checked without the carrier."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

from django.conf import settings

from tecum.config import clock
from tests import make, people


def fetched_and_verified(visitors, *, email: str, folder: Path, reference: str = "") -> str:
    """
    Let the officer sign in with password and code and fetch the answer; return the text of its tables.

    `reference`: of a case that the officer is on the list of, and so finds among the own ones.
    """
    officer = visitors()
    page = officer.page
    officer.go("/sign-in/")
    page.get_by_label("User name").fill(email)
    page.get_by_label("Password").fill(make.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/second-factor/**")
    page.locator("[name=code]").fill(people.code_at(clock.now()))
    page.locator("main button[type=submit]").first.click()
    page.wait_for_url(re.compile(r"/(look-up|welcome|cases|answers)/"))
    if reference:
        officer.go("/cases/")
        assert reference in page.inner_text("main")
    officer.go("/answers/")
    page.get_by_role("link", name="PR-").click()
    with page.expect_download() as coming:
        page.get_by_role("button", name="Fetch PR-").click()
    coming.value.save_as(folder / "answer.zip")
    verdict = subprocess.run(
        [sys.executable, "-m", "tecum_verify.production", str(folder / "answer.zip")],
        cwd=settings.ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr
    shutil.unpack_archive(folder / "answer.zip", folder)
    return "\n".join(table.read_text("utf-8-sig") for table in sorted(folder.glob("PR-*/data/*.csv")))
