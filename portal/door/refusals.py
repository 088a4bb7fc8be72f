"""Why somebody may not sign in, and what to do about it, in words for the page."""

REFUSALS = {
    "failed": (
        "The answer of your company’s sign-in could not be checked.",
        "Try once more; if it happens again, tell the people who run Sightline.",
    ),
    "late": (
        "The sign-in took longer than ten minutes, was already used, or was started in another browser.",
        "Start again from here.",
    ),
    "denied": (
        "Your company’s sign-in says that you may not use Sightline.",
        "Ask IT to assign Sightline to you.",
    ),
    "no address": (
        "Your company’s sign-in did not tell Sightline your e-mail address, by which it would find you.",
        "Ask IT to add an e-mail address to your account and to let Sightline see it.",
    ),
    "not verified": (
        "Your company’s sign-in does not say that this address is verified, so it might not be yours.",
        """Ask IT to have it verified. If your company trusts all of its addresses, the people who run
        Sightline can say so with the setting OIDC_TRUST_EMAIL.""",
    ),
    "not read": (
        "Sightline has no person with this Okta account yet. It reads Okta every few minutes.",
        "If your account is new, try again in ten minutes; otherwise ask the people who run Sightline.",
    ),
    "unknown": (
        "Sightline has no person with this e-mail address.",
        "Ask IT to check the address in your profile. If you are new, try again tomorrow.",
    ),
    "not here": (
        "This account is suspended, is not active, or belongs to somebody who has left.",
        "If that is wrong, ask IT to look at your account; Sightline follows at its next sync.",
    ),
    "shared": (
        """More than one account has this e-mail address, and it is the login of none of them or of several:
        Sightline cannot tell which of them is yours.""",
        """Ask IT to give each account an address of its own, or to make the address the login of only one
        of them.""",
    ),
    "taken": (
        """This e-mail address already belongs to another account of your company’s sign-in. Somebody else
        may have had the address before you, or your account was made anew.""",
        """Ask the people who run Sightline to check this and to release the old sign-in
        (manage.py release_sign_in).""",
    ),
}
"""By reason: what happened, and what to do."""
