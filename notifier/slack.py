"""The Slack Web API as the notifier needs it: five questions, and every failure as one of three exceptions.

SlackError
├── SlackRefused     certainly not delivered; `scope` says whose fault it is
├── SlackBusy        certainly not delivered; try again after `until`
└── SlackUncertain   nobody knows: look in the direct message before sending again
"""

import http.client
import socket
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from http import HTTPStatus
from typing import Any, Literal
from urllib.error import URLError
from urllib.parse import urlsplit

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

Scope = Literal["recipient", "queue", "ours"]

TIMEOUT = 10
"""Seconds until a call without an answer counts as uncertain."""
METADATA_EVENT = "sightline_message"
CANNOT_LOOK = "missing_scope"
"""Slack's code where the token may not read the direct message."""

RECIPIENT_CODES = frozenset(
    [
        "channel_not_found",
        "user_not_found",
        "users_not_found",
        "user_disabled",
        "user_not_visible",
        "not_in_channel",
        "is_archived",
        "cannot_dm_bot",
        "ekm_access_denied",
        "app_access_restricted",
        "invalid_user_combination",
        "cannot_reply_to_message",
        "thread_not_found",
    ]
)
QUEUE_CODES = frozenset(
    [
        "invalid_auth",
        "not_authed",
        "token_revoked",
        "account_inactive",
        "token_expired",
        "missing_scope",
        "not_allowed_token_type",
        "no_permission",
        "team_access_not_granted",
        "messages_tab_disabled",
        "accesslimited",
        "two_factor_setup_required",
        "enterprise_is_restricted",
        "message_limit_exceeded",
        "access_denied",
    ]
)
OUR_CODES = frozenset(
    [
        "invalid_blocks",
        "invalid_blocks_format",
        "msg_blocks_too_long",
        "msg_too_long",
        "no_text",
        "too_many_attachments",
        "attachment_payload_limit_exceeded",
        "invalid_metadata_format",
        "invalid_metadata_schema",
        "metadata_too_large",
        "invalid_arguments",
        "invalid_arg_name",
        "invalid_array_arg",
        "markdown_text_conflict",
        "view_too_large",
        "duplicate_external_id",
        "team_not_found",
    ]
)
BUSY_CODES = frozenset(
    ["ratelimited", "rate_limited", "org_login_required", "team_added_to_org", "request_timeout"]
)


class SlackError(Exception):
    """A call that did not do what was asked. Its text is Slack's code, never a personal value."""


class SlackRefused(SlackError):
    """Not delivered, and sending the same again would not help."""

    def __init__(self, code: str, scope: Scope):
        super().__init__(code)
        self.code = code
        self.scope = scope


class SlackBusy(SlackError):
    """Not delivered; the method may be called again after `until`."""

    def __init__(self, until: datetime, code: str = "rate_limited"):
        super().__init__(code)
        self.until = until


class SlackUncertain(SlackError):
    """The call may have taken effect."""


@dataclass(frozen=True, slots=True)
class SlackPerson:
    """An account: `tz` is an IANA name or empty."""

    user_id: str
    team_id: str
    tz: str
    deleted: bool


@dataclass(frozen=True, slots=True)
class Sent:
    """Where a message stands: the D… id and its timestamp."""

    channel: str
    ts: str


@dataclass(frozen=True, slots=True)
class Workspace:
    """What the token gives access to."""

    team_id: str
    name: str
    bot_user_id: str
    scopes: frozenset[str]


class Slack:
    """One workspace behind one bot token. Holds no state of its own, so threads may share it."""

    def __init__(
        self,
        token: str,
        url: str = "https://slack.com/api/",
        *,
        timeout: int = TIMEOUT,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ):
        """Raises ValueError for an address that is neither https nor on loopback."""
        local = is_loopback(url)
        if not (local or url.startswith("https://")):
            raise ValueError("the address of Slack's Web API must start with https://")
        self.timeout = timeout
        self._clock = clock
        # The client's own retries post twice after a cut connection: the outbox decides instead.
        self._client = WebClient(token, base_url=url, timeout=timeout, retry_handlers=[])
        if local:
            self._client.proxy = None

    def check(self) -> Workspace:
        """Whose token this is, and its scopes."""
        answer = self._ask(self._client.auth_test)
        headers = {name.lower(): value for name, value in answer.headers.items()}
        scopes = str(headers.get("x-oauth-scopes", ""))
        return Workspace(
            team_id=str(answer.get("team_id", "")),
            name=str(answer.get("team", "")),
            bot_user_id=str(answer.get("user_id", "")),
            scopes=frozenset(part.strip() for part in scopes.split(",") if part.strip()),
        )

    def find(self, email: str) -> SlackPerson | None:
        """The active account of an e-mail address; None when there is none, or a deactivated one."""
        try:
            answer = self._ask(self._client.users_lookupByEmail, email=email)
        except SlackRefused as refused:
            if refused.code == "users_not_found":
                return None
            raise
        return _person(answer["user"])

    def post(
        self, channel: str, text: str, blocks: list[dict[str, Any]], metadata_id: str, thread: str = ""
    ) -> Sent:
        """Send a direct message to a user id or D… id. The metadata id is what `find_sent` looks for.

        `thread`: the timestamp of the message that it answers; only with a D… id.
        """
        answer = self._ask(
            self._client.chat_postMessage,
            channel=channel,
            text=text,
            **({"blocks": blocks} if blocks else {}),
            **({"thread_ts": thread} if thread else {}),
            metadata={"event_type": METADATA_EVENT, "event_payload": {"outbox_id": metadata_id}},
            mrkdwn=False,
            parse="none",
            unfurl_links=False,
            unfurl_media=False,
        )
        dm, ts = answer.get("channel"), answer.get("ts")
        if not (dm and ts):
            raise SlackUncertain("answer_without_ts")
        return Sent(str(dm), str(ts))

    def find_sent(self, channel: str, outbox_id: str, oldest: datetime, thread: str = "") -> Sent | None:
        """Look for a message of ours in a direct message (user id or D… id), or in a thread, since `oldest`.

        `oldest` is compared with Slack's clock, not with ours.
        """
        if not channel.startswith("D"):
            channel = str(self._ask(self._client.conversations_open, users=channel)["channel"]["id"])
        history = partial(self._client.conversations_replies, ts=thread) if thread else None
        cursor = ""
        while True:
            answer = self._ask(
                history or self._client.conversations_history,
                channel=channel,
                oldest=f"{oldest.timestamp():.6f}",
                include_all_metadata=True,
                limit=200,
                cursor=cursor,
            )
            for message in answer["messages"]:
                payload = (message.get("metadata") or {}).get("event_payload") or {}
                if payload.get("outbox_id") == outbox_id:
                    return Sent(channel, str(message["ts"]))
            cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return None

    def _ask(self, call: Callable[..., SlackResponse], **arguments: Any) -> SlackResponse:
        try:
            return call(**arguments)
        except SlackApiError as error:
            raise self._judge(error.response) from None
        except (URLError, http.client.HTTPException, OSError) as error:
            raise self._cut(error) from None

    def _judge(self, response: Any) -> SlackError:
        status = int(response.status_code)
        code = _code(response, status)
        if code in BUSY_CODES:
            return SlackBusy(self._clock() + _pause(response.headers), code)
        if code in RECIPIENT_CODES or code.startswith("restricted_action"):
            return SlackRefused(code, "recipient")
        if code in QUEUE_CODES:
            return SlackRefused(code, "queue")
        if code in OUR_CODES:
            return SlackRefused(code, "ours")
        return SlackUncertain(code)

    def _cut(self, error: Exception) -> SlackError:
        """A failure of the way: before anything was sent it is safe to try again."""
        cause = error.reason if isinstance(error, URLError) else error
        unsent = (ConnectionRefusedError, socket.gaierror, ssl.SSLCertVerificationError)
        if isinstance(error, URLError) and isinstance(cause, unsent):
            return SlackBusy(self._clock() + timedelta(seconds=30), type(cause).__name__)
        return SlackUncertain(type(cause).__name__)


def is_loopback(url: str) -> bool:
    """Whether an http address stays on this machine."""
    parts = urlsplit(url)
    return parts.scheme == "http" and parts.hostname in {"127.0.0.1", "localhost", "::1"}


def _code(response: Any, status: int) -> str:
    """Slack's error code; for an answer that is none of Slack's, its HTTP status."""
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return "rate_limited"
    code = str(response.get("error", ""))
    known = status < HTTPStatus.INTERNAL_SERVER_ERROR and code.replace("_", "").isalnum()
    return code if known else f"http_{status}"


def _pause(headers: Mapping[str, str]) -> timedelta:
    seconds = next((value for name, value in headers.items() if name.lower() == "retry-after"), "30")
    return timedelta(seconds=min(max(int(seconds), 1), 3600) if str(seconds).isdecimal() else 30)


def _person(user: Mapping[str, Any]) -> SlackPerson:
    return SlackPerson(
        user_id=str(user["id"]),
        team_id=str(user.get("team_id", "")),
        tz=str(user.get("tz") or ""),
        deleted=bool(user.get("deleted")),
    )
