"""What the words of sources for accounts and app assignments mean, and what is said of them."""

import pytest

from orgmodel.sources import state_words


@pytest.mark.parametrize(
    ("word", "state", "hindrance"),
    [
        ("ACTIVE", "active", ""),
        ("", "active", ""),
        ("active", "active", ""),
        ("STAGED", "pending", "has not been activated yet"),
        ("PROVISIONED", "active", "waits for its first sign-in"),
        ("RECOVERY", "active", "is being recovered: a new password has not been set yet"),
        ("PASSWORD_EXPIRED", "active", "has an expired password"),
        ("LOCKED_OUT", "active", "is locked"),
        ("SUSPENDED", "suspended", "is suspended"),
        ("DEPROVISIONED", "ended", "is deactivated"),
        ("NEW_STATE", "new_state", "is in the state NEW_STATE"),
    ],
)
def test_how_an_account_stands(word: str, state: str, hindrance: str) -> None:
    assert (state_words.account_state(word), state_words.hindrance(word)) == (state, hindrance)


@pytest.mark.parametrize(
    ("words", "state"),
    [
        (("", "ACTIVE", "PROVISIONED", "APPROVED", "IMPLICIT", "IMPORTED", "MATCHED"), "active"),
        (("STAGED", "PENDING"), "pending"),
        (("SUSPENDED", "INACTIVE"), "suspended"),
        (("DEPROVISIONED", "REVOKED", "UNASSIGNED"), "ended"),
        (("ODD",), "odd"),
    ],
)
def test_how_an_app_assignment_stands(words: tuple[str, ...], state: str) -> None:
    assert {state_words.seat_state(word) for word in words} == {state}


def test_assignments_that_nobody_can_use_in_the_order_in_which_it_is_said() -> None:
    assert list(state_words.unusable_words().items()) == [
        ("ERROR", "Okta could not deliver it"),
        ("SUSPENDED", "suspended in the app"),
        ("DEPROVISIONED", "closed in the app"),
        ("INACTIVE", "inactive in the app"),
        ("REVOKED", "revoked"),
        ("UNASSIGNED", "no longer assigned"),
        ("PENDING", "not ready yet"),
        ("STAGED", "not ready yet"),
    ]


def test_the_words_as_sql() -> None:
    assert state_words.ENDED_WORDS == "'DELETED', 'DEPROVISIONED'"
    assert state_words.ENDED_VALUES == """'"DELETED"', '"DEPROVISIONED"'"""
    assert state_words.ENDED_SEATS == "'DEPROVISIONED', 'REVOKED', 'UNASSIGNED'"
    assert state_words.TELLING_LINES.format("x") == (
        "CASE x WHEN 'DEPROVISIONED' THEN ARRAY['user.lifecycle.deactivate']"
        " WHEN 'SUSPENDED' THEN ARRAY['user.lifecycle.suspend']"
        " WHEN 'LOCKED_OUT' THEN ARRAY['user.account.lock']"
        " ELSE ARRAY['user.lifecycle.activate', 'user.lifecycle.reactivate', 'user.lifecycle.unsuspend',"
        " 'user.account.unlock']::text[] END"
    )
