"""What the refusals of a system that speaks JSON mean, and how often it is asked."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from orgmodel.reports import RateRefused, SourceFailed
from orgmodel.sources.http import Host
from orgmodel.sources.json_api import Bearer, Gone, JsonApi, NotVisible, Refused, decoded

HOST = Host("https://hr.example", "HR", "HRIS_URL")


def api(answer: Callable[[httpx.Request], httpx.Response], **more: Any) -> JsonApi:
    transport = httpx.MockTransport(answer)
    options = {"sleep": lambda _: None, "jitter": 0.0, "transport": transport, **more}
    return JsonApi(HOST, Bearer("hunter2"), "grant people:read", **options)


def refusing(status: int, body: str = "{}", **headers: str) -> JsonApi:
    return api(lambda _: httpx.Response(status, text=body, headers=headers))


def page(body: bytes, kind: str = "application/json") -> JsonApi:
    return api(lambda _: httpx.Response(200, content=body, headers={"content-type": kind}))


@pytest.mark.parametrize(
    ("status", "calls", "error", "sentence"),
    [
        (401, 1, SourceFailed, "HR refused the credentials (401); nothing was applied. Check HRIS_TOKEN."),
        (403, 1, NotVisible, "/people: the credentials may not read it (403); grant people:read."),
        (404, 1, Gone, "/people: HR has nothing at this address (404); check HRIS_URL."),
        (
            *(400, 1, Refused),
            "HR does not accept the request to /people (400); nothing was applied, sync again later.",
        ),
        (
            *(302, 1, SourceFailed),
            "HR redirects /people to another address (302), which is not followed; check HRIS_URL.",
        ),
        (503, 4, SourceFailed, "HR answered 503 to /people; nothing was applied, sync again later."),
        (
            *(429, 9, RateRefused),
            (
                "HR still refuses calls to /people for their rate (429); nothing was applied."
                " Sync when less is going on."
            ),
        ),
    ],
)
def test_a_refusal_says_what_to_do(status: int, calls: int, error: type[Exception], sentence: str) -> None:
    system = refusing(status, location="https://elsewhere.example/")
    with pytest.raises(error) as caught:
        system.get("/people")
    assert (type(caught.value), str(caught.value), system.calls) == (error, sentence, calls)


def test_a_refused_question_says_which_words_it_complains_of() -> None:
    with pytest.raises(Refused) as caught:
        refusing(400, "Invalid names: EmpJob/division").get("/people")
    assert "division" in caught.value.words


@pytest.mark.parametrize(("asked_for", "waits"), [("7", [8.0] * 3), ("", [16.0] * 3)])
def test_a_refusal_for_rate_is_waited_out(asked_for: str, waits: list[float]) -> None:
    """Without a word of how long: until a window of a minute is over."""
    slept: list[float] = []
    headers = {"retry-after": asked_for} if asked_for else {}
    answers = [httpx.Response(429, headers=headers) for _ in range(3)] + [httpx.Response(200, json=[])]
    assert api(lambda _: answers.pop(0), sleep=slept.append).get("/people")[0] == []
    assert slept == waits


def test_an_error_that_passes_does_no_harm() -> None:
    answers = [httpx.Response(502), httpx.Response(503), httpx.Response(200, json={"data": []})]
    assert api(lambda _: answers.pop(0)).get("/people")[0] == {"data": []}


@pytest.mark.parametrize("body", [b"", b'{"data": [', b'"In\xe8s"', b"[" * 100_000])
def test_what_is_not_complete_json_is_refused(body: bytes) -> None:
    with pytest.raises(SourceFailed, match=r"/people is not complete JSON, as if it had been cut off"):
        page(body).get("/people")


def test_a_page_is_no_answer() -> None:
    with pytest.raises(SourceFailed, match=r"with a page instead of JSON; check that HRIS_URL"):
        page(b"<html>", "text/html").get("/people")


def test_half_of_a_surrogate_pair_spoils_no_answer_and_numbers_keep_their_digits() -> None:
    assert decoded(rb'["Bo \ud83d", 3332883884017713901]') == ["Bo \ud83d", 3332883884017713901]


def test_the_token_is_in_no_representation() -> None:
    system = refusing(401)
    with pytest.raises(SourceFailed) as caught:
        system.get("/people")
    assert "hunter2" not in str(caught.value) + repr(vars(system)) + repr(vars(Bearer("x")))
