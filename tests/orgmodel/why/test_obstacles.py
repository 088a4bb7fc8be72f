"""What keeps somebody from using what they have: every sentence by hand."""

import pytest

from orgmodel.why.obstacles import Obstacles, Standing, account_phrase, but
from orgmodel.why.voice import YOU, Voice


@pytest.mark.parametrize(
    ("standing", "phrase", "shut"),
    [
        (Standing(), "there is no Okta account", True),
        (Standing("ended", "is deactivated"), "the Okta account is deactivated and opens nothing", True),
        (Standing("active"), "", False),
        (Standing("suspended", "is suspended"), "", False),
    ],
)
def test_an_account_that_opens_nothing(standing: Standing, phrase: str, shut: bool) -> None:
    assert (account_phrase(standing), standing.shut) == (phrase, shut)


ACTIVE, GONE = Standing("active"), Standing("ended", "is deactivated")
RED = ("team-red", "team-blue")
INACTIVE = "Paint is inactive in Okta: nobody can use it."


@pytest.mark.parametrize(
    ("obstacles", "sentence", "takes"),
    [
        (Obstacles("Paint", "app", False, (), True, ACTIVE, False), "", []),
        (
            Obstacles("Paint", "app", True, RED, False, ACTIVE, False),
            f"Nadia is in team-red, which opens Paint, but {INACTIVE}",
            ["Someone must activate Paint in Okta."],
        ),
        (
            Obstacles("Paint", "app", True, (), True, GONE, True),
            "Nadia is assigned to Paint, but the Okta account is deactivated and opens nothing.",
            ["Someone must reactivate Nadia’s Okta account."],
        ),
        (
            Obstacles("Paint", "app", False, (), False, GONE, True),
            f"{INACTIVE} Nadia has left: the Okta account is deactivated and opens nothing.",
            ["Someone must activate Paint in Okta.", "Someone must reactivate Nadia’s Okta account."],
        ),
        (
            Obstacles("team-red", "group", False, (), True, Standing(), False),
            "Nadia is not in team-red: there is no Okta account.",
            ["Someone must create Nadia’s Okta account."],
        ),
    ],
)
def test_what_stands_in_the_way(obstacles: Obstacles, sentence: str, takes: list[str]) -> None:
    assert (obstacles.sentence(Voice("Nadia")), obstacles.takes(Voice("Nadia"))) == (sentence, takes)


def test_to_the_person_it_says_you() -> None:
    assert Obstacles("Paint", "app", True, RED, False, ACTIVE, False).sentence(YOU) == (
        f"You are in team-red, which opens Paint, but {INACTIVE}"
    )
    assert Obstacles("Paint", "app", False, (), True, Standing(), False).sentence(YOU) == (
        "You do not have Paint: there is no Okta account."
    )
    assert but(YOU, "Paint", Standing("suspended", "is suspended")) == (
        "Your Okta account is suspended, so it cannot be used to sign in now."
    )


@pytest.mark.parametrize(
    ("standing", "app", "sentence"),
    [
        (Standing("active", sync_state="SYNCHRONIZED"), "Paint", ""),
        (Standing("active", unusable="suspended"), "", ""),
        (
            Standing("pending", "has not been activated yet"),
            "Paint",
            "Nadia’s Okta account has not been activated yet, so it cannot be used to sign in now.",
        ),
        (
            Standing("active", "is locked", "suspended"),
            "",
            "Nadia’s Okta account is locked, so it cannot be used to sign in now.",
        ),
        (
            Standing("active", unusable="revoked", sync_state="ERROR"),
            "Paint",
            "Okta lists the assignment to Paint as revoked, so it may not open.",
        ),
        (
            Standing("active", sync_state="ERROR"),
            "Paint",
            "Okta reports an error with the account in Paint, so it may not open.",
        ),
    ],
)
def test_what_cannot_be_used_for_now(standing: Standing, app: str, sentence: str) -> None:
    assert but(Voice("Nadia"), app, standing) == sentence
