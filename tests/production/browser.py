"""A browser of somebody of the company, and the proxy that ends TLS between it and the web processes."""

import html
import re
from collections.abc import Sequence
from itertools import cycle
from urllib.parse import urlsplit

import httpx

from tests.portal.issuer import PERSON

BASE = "https://sightline.nordwind.example"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Proxy(httpx.BaseTransport):
    """Hands each request to the next web process in turn, over a connection of its own."""

    def __init__(self, ports: Sequence[int]) -> None:
        self._turns = cycle(ports)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7", "Connection": "close"}
        address = f"http://127.0.0.1:{next(self._turns)}{request.url.raw_path.decode()}"
        headers = {**request.headers, **forwarded}
        with httpx.Client(trust_env=False, timeout=30) as client:
            answer = client.request(request.method, address, headers=headers, content=request.read())
        kept = [(name, value) for name, value in answer.headers.multi_items() if name != "content-encoding"]
        return httpx.Response(answer.status_code, headers=kept, content=answer.content)


class Browser:
    """Keeps cookies, follows redirects, and is known to the issuer as `person` (empty: as nobody)."""

    def __init__(self, ports: Sequence[int], person: str = "") -> None:
        self.client = httpx.Client(
            base_url=BASE, mounts={BASE: Proxy(ports)}, trust_env=False, follow_redirects=True, timeout=30
        )
        if person:
            self.client.cookies.set(PERSON, person, domain="127.0.0.1")

    def get(self, address: str) -> httpx.Response:
        """The page where all redirects end."""
        return self.client.get(address)

    def sign_in(self) -> httpx.Response:
        """From /login/ to the issuer and back; the page where that ends."""
        return self.get("/login/")

    def sign_out(self) -> httpx.Response:
        """Press the button of the page."""
        page = self.get("/")
        found = TOKEN.search(page.text)
        assert found, page.text
        form = {"csrfmiddlewaretoken": html.unescape(found[1])}
        return self.client.post("/logout/", data=form, headers={"Referer": f"{BASE}/", "Origin": BASE})

    def apps(self) -> list[str]:
        """The apps of "my access", as its JSON names them."""
        answer = self.get("/me.json")
        assert answer.status_code == 200, answer.text
        return sorted(row["app"] for row in answer.json()["apps"])

    def is_refused(self, address: str) -> bool:
        """Whether this address leads to the way in, and nowhere else, with the cookies of now."""
        answer = self.client.get(address, follow_redirects=False)
        return answer.status_code == 302 and urlsplit(answer.headers["Location"]).path == "/login/"
