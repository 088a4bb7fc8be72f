"""What the headers of answers say, and what is left of them."""

from email.utils import parsedate_to_datetime
from functools import lru_cache
from http.cookiejar import CookieJar


@lru_cache(maxsize=16)
def moment_of(date: str) -> float:
    """Epoch seconds of a date as HTTP writes it. Raises ValueError."""
    return parsedate_to_datetime(date).timestamp()


class NoCookies(CookieJar):
    """Keeps none: every question bears its own authorisation, and looking for them is dear."""

    def extract_cookies(self, response: object, request: object) -> None:
        return
