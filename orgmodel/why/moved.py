"""The headline of a case: who moved, from where to where. Pure."""

from .voice import Voice, started

PLAIN = {
    "mover": ("changed team or department", "changed team or department"),
    "manager": ("has a new manager", "have a new manager"),
    "joiner": ("joined", "joined the company"),
    "back": ("is back", "are back"),
    "leaver": ("left", "left the company"),
    "lost": ("lost access", "lost access"),
}
"""Kind of case → what it says where no unit is named: of them, and to them."""


def headline(kind: str, was: str, now: str, voice: Voice) -> str:
    """`was`, `now`: the units left and joined, by name; empty where there is none.

    >>> headline("mover", "Radish", "Cucumber", Voice(own=True))
    'You moved from Radish to Cucumber'
    >>> headline("joiner", "", "Cucumber", Voice("Nadia Brandt"))
    'Nadia Brandt joined Cucumber'
    """
    one, you = PLAIN.get(kind, ("changed", "changed"))
    phrase = {
        "mover": _moved(was, now),
        "joiner": f"joined {now}" if now else "",
        "back": f"{voice.form('is', 'are')} back in {now}" if now else "",
    }.get(kind, "")
    return started(f"{voice.subject} {phrase or voice.form(one, you)}", voice)


def _moved(was: str, now: str) -> str:
    if was and now:
        return f"moved from {was} to {now}"
    return f"moved to {now}" if now else f"left {was}" if was else ""
