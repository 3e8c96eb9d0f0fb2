"""
The browser kit: a real Chromium against the live server, with what every page must keep checked at each visit.

`def test_…(visitor)`: `visitor.sign_in(person)`, `visitor.go("/look-up/")`, `visitor.page` (Playwright's own),
`visitor.check("look-up")` (axe, markup, narrow screens, and the picture where pictures are wanted). A test that uses it is
marked `browser`. Requests to anybody else, console errors and violations of the content policy fail the test.
"""

import os
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Response,
    Route,
    sync_playwright,
)
from playwright.sync_api import Error as BrowserError

from tecum.accounts import operations as accounts
from tecum.config import clock
from tecum.models import Person
from tecum.web.sign_in.middleware import VISIT
from tests import markup

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
CHROMIUM = os.environ.get("TECUM_CHROMIUM", "/usr/bin/chromium")
DESKTOP, PHONE = (1440, 900), (375, 812)
NARROWEST = (320, 640)  # WCAG 1.4.10: at this width nothing scrolls sideways
IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
WANTED = os.environ.get("TECUM_SCREENSHOTS") == "1"
PATIENCE = 60_000  # ms; how long a busy machine may take to show what is waited for, which is no claim about our pages
AXE = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}


# A form that is being handed in marks its page, which goes with the mark when the answer comes.
HANDED_IN = "addEventListener('submit', given => { if (!given.defaultPrevented) window.handedIn = true })"


class Visitor:
    """One person at one browser; `page` is Playwright's own page."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.context = context
        self.address = address.rstrip("/")
        self.complaints: list[str] = []
        self.document: Response | None = None
        self.answers = 0
        context.add_init_script(HANDED_IN)
        context.route("**/*", self._only_us)
        self.page = self.open()

    def open(self) -> Page:
        """Open a further page of the same person, watched like the first."""
        page = self.context.new_page()
        page.on("console", self._listen)
        page.on("response", self._remember)
        page.on("pageerror", lambda error: self.complaints.append(f"script error: {error}"))
        WATCHED[page] = self
        return page

    def settled(self, page: Page, before: int) -> None:
        """Wait, after a click, for the answer to the form that it handed in, if it did."""
        waited = 0
        while self.answers == before and waited < PATIENCE and _handed_in(page):
            page.wait_for_timeout(STEP)
            waited += STEP
        page.wait_for_load_state("domcontentloaded")

    def sign_in(self, person: Any) -> "Visitor":
        """Sign a person in by a session of their own, as if password and second factor had just been given."""
        row = Person.objects.get(pk=person.id)
        session = SessionStore()
        session[SESSION_KEY] = row.pk
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = row.get_session_auth_hash()
        session[VISIT] = accounts.open_visit(person=row.pk, factor="totp", now=clock.now())
        session.create()
        self.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session.session_key or "", "url": self.address}]
        )
        return self

    def go(self, path: str, status: int = 200) -> Response:
        """Open an address of ours and require its status."""
        answer = self.page.goto(self.address + path)
        assert answer is not None
        assert answer.status == status, f"{path} answered {answer.status}"
        return answer

    def check(self, name: str = "", *, printed: bool = False) -> None:
        """
        Require of the open page what every page must keep, and keep its picture where pictures are wanted.

        Clean for axe at both sizes, markup in order, no sideways scrolling on the narrowest telephone.
        """
        found = [f"markup: {problem}" for problem in markup.problems(self._source())]
        for size, width in ((DESKTOP, "desktop"), (PHONE, "telephone")):
            self.page.set_viewport_size({"width": size[0], "height": size[1]})
            found += [f"{width}: {violation}" for violation in self._axe()]
            if WANTED and name:
                self.shot(name if width == "desktop" else f"{name}-phone")
        self.page.set_viewport_size({"width": NARROWEST[0], "height": NARROWEST[1]})
        if (wide := self.page.evaluate("document.documentElement.scrollWidth")) > NARROWEST[0]:
            found.append(f"the page scrolls sideways: {wide} px at {NARROWEST[0]}")
        self.page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
        if printed and name and WANTED:
            self.print(name)
        assert not found, "\n".join(found)

    def shot(self, name: str) -> None:
        """Keep a picture of the whole page in docs/images/."""
        IMAGES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=IMAGES / f"{name}.png", full_page=True)

    def print(self, name: str) -> None:
        """Keep the page as it prints, beside the pictures but out of the repository."""
        folder = Path(settings.DATA) / "print"
        folder.mkdir(parents=True, exist_ok=True)
        self.page.pdf(path=folder / f"{name}.pdf", format="Letter")

    def _axe(self) -> list[str]:
        answer = Axe().run(self.page, options=AXE)
        return [
            f"{violation['id']}: {violation['help']} ({'; '.join(node['html'][:120] for node in violation['nodes'][:3])})"
            for violation in answer.response["violations"]
        ]

    def _remember(self, response: Response) -> None:
        if response.request.is_navigation_request() and response.status not in (301, 302, 303, 307, 308):
            self.document = response
            self.answers += 1

    def _source(self) -> str:
        """Return the bytes of the open page as the server sent them, before any script touched them."""
        assert self.document is not None
        return self.document.text()

    def _only_us(self, route: Route) -> None:
        if route.request.url.startswith((self.address, "data:", "blob:")):
            route.continue_()
            return
        self.complaints.append(f"the page asked a stranger: {route.request.url}")
        route.abort()

    def _listen(self, message: ConsoleMessage) -> None:
        # The browser reports every 4xx page as an error of its own; those are answers, and asserted as such.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(f"console: {message.text}")


WATCHED: WeakKeyDictionary[Page, Visitor] = WeakKeyDictionary()
STEP = 5  # ms


def _handed_in(page: Page) -> bool:
    try:
        return bool(page.evaluate("window.handedIn"))
    except BrowserError:  # the page was left between question and answer
        return False


def _waiting(click: Callable[..., None]) -> Callable[..., None]:
    """
    Return a click that, when it hands a form in, waits for the answer.

    Playwright's own may come back before a busy browser has begun to leave the page: what a test does next would then
    happen on the old page, and a link clicked there cuts the form off.
    """

    def waiting(self: Locator | Page, *args: Any, **options: Any) -> None:
        page = self if isinstance(self, Page) else self.page
        visitor = WATCHED.get(page)
        before = visitor.answers if visitor else 0
        click(self, *args, **options)
        if visitor:
            visitor.settled(page, before)

    return waiting


@pytest.fixture(scope="session", autouse=True)
def _clicks_wait() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for kind in (Locator, Page):
            patch.setattr(kind, "click", _waiting(kind.click))
        yield


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the whole run."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = (
        "1"  # Playwright runs a loop in this thread; the server has its own
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def visitors(chromium: Browser, live_server: Any) -> Iterator[Callable[..., Visitor]]:
    """Several people, each at a browser of their own: call it once for each (`javascript=False` goes without)."""
    opened: list[Visitor] = []

    def arrive(*, javascript: bool = True) -> Visitor:
        context = chromium.new_context(
            viewport={"width": DESKTOP[0], "height": DESKTOP[1]},
            timezone_id="UTC",
            locale="en-US",
            java_script_enabled=javascript,
        )
        context.set_default_timeout(PATIENCE)
        opened.append(Visitor(context, live_server.url))
        return opened[-1]

    yield arrive
    for visitor in opened:
        visitor.context.close()
    assert not [complaint for visitor in opened for complaint in visitor.complaints]


@pytest.fixture
def visitor(visitors: Callable[..., Visitor]) -> Visitor:
    """One person at a browser."""
    return visitors()


@pytest.fixture
def freeze(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Stop the clock that doors read, for this process and so for the live server in it."""

    def stop(at: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: at)

    return stop
