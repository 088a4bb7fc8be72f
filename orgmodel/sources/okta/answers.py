"""What Okta's responses mean: the errors a reader distinguishes, and where a listing continues.

SourceFailed        nothing may be applied; the text says what to do
├── Unreachable     no answer at all, after all tries (sources/http)
├── TokenRefused    401, or no access token
├── Refused         400: a question or a cursor that Okta does not take
└── Failing         any other status than 200, after all tries
NotVisible          this token may not see this part: unknown, not empty
Gone                404: the object was deleted while it was read
"""

import re
from urllib.parse import parse_qsl, urlsplit

import httpx
import msgspec

from orgmodel.reports import SourceFailed
from orgmodel.sources.http import Answer

BAD_CURSOR = "E0000029"
NO_LICENCE = "E0000015"
API_PATH = re.compile(r"/api/v1/[A-Za-z0-9/_~-]+")
CODE = re.compile(r"E[0-9]{1,10}")
SCOPES = (
    ("/api/v1/users", "okta.users.read"),
    ("/api/v1/groups", "okta.groups.read"),
    ("/api/v1/apps", "okta.apps.read"),
    ("/api/v1/logs", "okta.logs.read"),
    ("/api/v1/meta/schemas", "okta.schemas.read"),
    ("/api/v1/meta/types", "okta.userTypes.read"),
)


class TokenRefused(SourceFailed):
    """Okta does not take the token, or gives none to the service app."""


class Refused(SourceFailed):
    """400: Okta does not take the question as it was put."""

    def __init__(self, text: str, code: str) -> None:
        super().__init__(text)
        self.code = code


class Failing(SourceFailed):
    """Okta answers this question with an error, however often it is asked."""

    def __init__(self, text: str, status: int, code: str) -> None:
        super().__init__(text)
        self.status, self.code = status, code


class NotVisible(Exception):
    """403, or a feature this org has no licence for: this part is unknown, not empty."""

    def __init__(self, text: str, *, everywhere: bool = False) -> None:
        super().__init__(text)
        self.everywhere = everywhere
        """It is so for every object, not for this one alone."""


class Gone(Exception):
    """404: deleted while it was read."""


class _Error(msgspec.Struct):
    errorCode: str = ""  # noqa: N815  # Okta's name


def require_good(path: str, answer: Answer) -> None:
    """Returns when Okta gives what was asked for; raises NotVisible, Gone or SourceFailed when not."""
    status, code = answer.status, _code(answer.body)
    if status == httpx.codes.UNAUTHORIZED and code == NO_LICENCE:
        raise NotVisible(f"{path}: this Okta organisation has no licence for it ({code}).", everywhere=True)
    if status == httpx.codes.UNAUTHORIZED:
        raise TokenRefused(
            f"Okta refused the token ({code or 401}). Make a new one, or check the service app's key,"
            " and set OKTA_TOKEN or OKTA_PRIVATE_KEY."
        )
    if status == httpx.codes.FORBIDDEN:
        raise NotVisible(
            f"{path}: the token may not read it ({code or 403}); grant {scope_of(path)} and an admin role."
        )
    if status == httpx.codes.NOT_FOUND:
        raise Gone(path)
    if status == httpx.codes.BAD_REQUEST:
        raise Refused(f"Okta answered 400 {code} to {path}; nothing was applied, sync again later.", code)
    if status != httpx.codes.OK:
        raise Failing(
            f"Okta answered {status} {code} to {path}; nothing was applied, sync again later.", status, code
        )


def next_page(path: str, answer: Answer) -> tuple[str, dict[str, str]] | None:
    """Path and parameters of the next page, or None at the end of the listing.

    The host that the link names is never believed: its path and query are asked of the configured host.
    """
    if not answer.following:
        return None
    try:
        parts = urlsplit(answer.following)
    except ValueError:
        raise SourceFailed(f"Okta's list {path} goes on at no readable address; refused.") from None
    if not API_PATH.fullmatch(parts.path):
        raise SourceFailed(f"Okta's list {path} goes on at another address; refused.")
    return parts.path, dict(parse_qsl(parts.query, keep_blank_values=True))


def scope_of(path: str) -> str:
    """The OAuth scope, or scopes, that reading a path takes."""
    if "group-push" in path:
        return "okta.apps.read and okta.groups.read"
    return next((scope for head, scope in SCOPES if path.startswith(head)), "the scope of this endpoint")


def _code(body: bytes) -> str:
    try:
        code = msgspec.json.decode(body, type=_Error).errorCode
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return ""
    return code if CODE.fullmatch(code) else ""
