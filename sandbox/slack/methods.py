"""The Web API methods of the pretend workspace: arguments in, Slack's answer or its error code out."""

import re
from collections.abc import Callable
from typing import Any

from . import blocks as block_kit
from .workspace import BOT_ID, BOT_USER_ID, TEAM_ID, Json, Post, SlackPerson, Workspace

MOST_TEXT = 40_000
MOST_TEXT_IN_UPDATE = 4_000
MOST_METADATA = 8_000
PAGE = 200


class Refusal(Exception):
    """ok:false with this error code and, for blocks, what is wrong where."""

    def __init__(self, code: str, messages: list[str] | None = None):
        super().__init__(code)
        self.code = code
        self.messages = messages or []


def auth_test(_space: Workspace, _arguments: Json) -> Json:
    return {
        "url": "https://nordwind.slack.example/",
        "team": "Nordwind",
        "user": "sightline",
        "team_id": TEAM_ID,
        "user_id": BOT_USER_ID,
        "bot_id": BOT_ID,
        "is_enterprise_install": False,
    }


def team_info(_space: Workspace, _arguments: Json) -> Json:
    return {"team": {"id": TEAM_ID, "name": "Nordwind", "domain": "nordwind", "email_domain": ""}}


def users_lookup_by_email(space: Workspace, arguments: Json) -> Json:
    person = space.by_email(_needed(arguments, "email"))
    if person is None or person.deleted:
        raise Refusal("users_not_found")
    return {"user": _user(person)}


def users_info(space: Workspace, arguments: Json) -> Json:
    person = space.person(_needed(arguments, "user"))
    if person is None:
        raise Refusal("user_not_found")
    return {"user": _user(person)}


def users_list(space: Workspace, arguments: Json) -> Json:
    people = space.people()
    start, size = _page(arguments)
    following = str(start + size) if start + size < len(people) else ""
    return {
        "members": [_user(person) for person in people[start : start + size]],
        "response_metadata": {"next_cursor": following},
    }


def conversations_open(space: Workspace, arguments: Json) -> Json:
    users = str(arguments.get("users") or "").split(",")
    if users == [""]:
        raise Refusal("not_enough_users" if "channel" not in arguments else "channel_not_found")
    if len(users) > 1:
        raise Refusal("too_many_users")
    person = space.person(users[0])
    if person is None:
        raise Refusal("user_not_found")
    if person.deleted:
        raise Refusal("user_disabled")
    return {"no_op": True, "already_open": True, "channel": {"id": space.dm_of(person.user_id)}}


def conversations_history(space: Workspace, arguments: Json) -> Json:
    """Newest first; what stands in a thread is not among it."""
    kept = [post for post in _between(space, arguments) if post.thread_ts in {None, post.ts}]
    kept.reverse()
    return _listed(kept, arguments)


def conversations_replies(space: Workspace, arguments: Json) -> Json:
    """A message and, oldest first, what stands in its thread; the message itself is always there."""
    ts = _needed(arguments, "ts")
    first = [post for post in space.dm(_needed(arguments, "channel")) if post.ts == ts]
    if not first:
        raise Refusal("thread_not_found")
    replies = (post for post in _between(space, arguments) if post.thread_ts == ts and post.ts != ts)
    return _listed([*first, *replies], arguments)


def _between(space: Workspace, arguments: Json) -> list[Post]:
    channel = _needed(arguments, "channel")
    if not channel.startswith("D") or space.owner(channel) is None:
        raise Refusal("channel_not_found")
    oldest = float(arguments.get("oldest") or 0)
    latest = float(arguments.get("latest") or "inf")
    return [post for post in space.dm(channel) if oldest < post.at < latest]


def _listed(kept: list[Post], arguments: Json) -> Json:
    start, size = _page(arguments, most=999, usual=100)
    everything = _flag(arguments, "include_all_metadata")
    more = start + size < len(kept)
    return {
        "messages": [post.message(all_metadata=everything) for post in kept[start : start + size]],
        "has_more": more,
        "response_metadata": {"next_cursor": str(start + size) if more else ""},
    }


def chat_post_message(space: Workspace, arguments: Json) -> Json:
    person = space.owner(_needed(arguments, "channel", code="channel_not_found"))
    if person is None:
        raise Refusal("channel_not_found")
    _check_message(arguments, MOST_TEXT)
    return _stored(space.add(person, arguments))


def chat_update(space: Workspace, arguments: Json) -> Json:
    channel = _needed(arguments, "channel", code="channel_not_found")
    if not channel.startswith("D") or space.owner(channel) is None:
        raise Refusal("channel_not_found")
    _check_message(arguments, MOST_TEXT_IN_UPDATE)
    post = space.edit(channel, _needed(arguments, "ts"), arguments)
    if post is None:
        raise Refusal("message_not_found")
    return _stored(post)


METHODS: dict[str, Callable[[Workspace, Json], Json]] = {
    "auth.test": auth_test,
    "team.info": team_info,
    "users.lookupByEmail": users_lookup_by_email,
    "users.info": users_info,
    "users.list": users_list,
    "conversations.open": conversations_open,
    "conversations.history": conversations_history,
    "conversations.replies": conversations_replies,
    "chat.postMessage": chat_post_message,
    "chat.update": chat_update,
}


def _stored(post: Post) -> Json:
    return {"channel": post.channel, "ts": post.ts, "text": post.text, "message": post.message()}


def _check_message(arguments: Json, most_text: int) -> None:
    text, blocks = arguments.get("text"), arguments.get("blocks")
    if not text and not blocks:
        raise Refusal("no_text")
    if len(text or "") > most_text:
        raise Refusal("msg_too_long")
    if blocks is not None:
        if not isinstance(blocks, list):
            raise Refusal("invalid_blocks_format")
        wrong = block_kit.problems(blocks)
        if wrong:
            raise Refusal("invalid_blocks", wrong)
        if block_kit.characters(blocks) > block_kit.MOST_CHARACTERS:
            raise Refusal("msg_blocks_too_long")
    if arguments.get("metadata"):
        _check_metadata(arguments["metadata"])


def _check_metadata(metadata: Any) -> None:
    if not isinstance(metadata, dict) or not isinstance(metadata.get("event_payload"), dict):
        raise Refusal("invalid_metadata_format")
    if not isinstance(metadata.get("event_type"), str) or not metadata["event_type"]:
        raise Refusal("invalid_metadata_format")
    for key, value in metadata["event_payload"].items():
        if not re.fullmatch(r"[a-z][a-z0-9_]*", key) or isinstance(value, dict):
            raise Refusal("invalid_metadata_schema")
    if len(str(metadata)) > MOST_METADATA:
        raise Refusal("metadata_too_large")


def _needed(arguments: Json, name: str, code: str = "invalid_arguments") -> str:
    value = arguments.get(name)
    if not isinstance(value, str) or not value:
        raise Refusal(code, [f"[ERROR] missing required field: {name}"])
    return value


def _flag(arguments: Json, name: str) -> bool:
    return str(arguments.get(name, "")).lower() in {"1", "true"}


def _page(arguments: Json, most: int = 1000, usual: int = PAGE) -> tuple[int, int]:
    cursor = str(arguments.get("cursor") or "0")
    if not cursor.isdecimal():
        raise Refusal("invalid_cursor")
    return int(cursor), max(1, min(int(arguments.get("limit") or usual), most))


def _user(person: SlackPerson) -> Json:
    return {
        "id": person.user_id,
        "team_id": TEAM_ID,
        "name": person.email.partition("@")[0],
        "real_name": person.name,
        "deleted": person.deleted,
        "is_bot": False,
        "is_app_user": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "is_invited_user": False,
        "updated": 1_700_000_000,
        "profile": {"real_name": person.name, "email": person.email},
        # Slack leaves the zone out for people who are gone.
        **({} if person.deleted else {"tz": person.tz}),
    }
