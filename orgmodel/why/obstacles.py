"""What keeps somebody from using what they have been given, as sentences. Pure."""

from dataclasses import dataclass

from .voice import Voice, started


@dataclass(frozen=True)
class Standing:
    """How somebody stands with Okta, and with one app. Empty: no account, or no assignment is listed."""

    state: str = ""
    """Of the account, in our words."""
    hindrance: str = ""
    """Why the account cannot be used to sign in now: "is locked"."""
    unusable: str = ""
    """Okta's word for an assignment to the app that cannot be used, in lower case."""
    sync_state: str = ""
    level: str = ""
    """By the app's own list."""

    @property
    def shut(self) -> bool:
        """The account opens nothing, and rules pass it over."""
        return self.state in {"", "ended"}


def account_phrase(standing: Standing) -> str:
    """Why an account opens nothing at all; empty where it does."""
    if not standing.state:
        return "there is no Okta account"
    return "the Okta account is deactivated and opens nothing" if standing.shut else ""


def but(person: Voice, app: str, standing: Standing) -> str:
    """What keeps somebody from using what they have; empty where nothing is known to."""
    if standing.hindrance and not standing.shut:
        whose = started(person.whose("Okta account"), person)
        return f"{whose} {standing.hindrance}, so it cannot be used to sign in now."
    if not app:
        return ""
    if standing.unusable:
        return f"Okta lists the assignment to {app} as {standing.unusable}, so it may not open."
    if standing.sync_state == "ERROR":
        return f"Okta reports an error with the account in {app}, so it may not open."
    return ""


@dataclass(frozen=True)
class Obstacles:
    """What stands between somebody and a thing. `groups`: through which they would have it.

    `given`: they have been given it; `open`: it can be used at all; `left`: the person has left.
    """

    thing: str
    kind: str
    given: bool
    groups: tuple[str, ...]
    open: bool
    standing: Standing
    left: bool

    def sentence(self, person: Voice) -> str:
        """Why it opens nothing for them; empty where nothing stands in the way.

        >>> closed = Obstacles("Paint", "app", True, ("team-red",), False, Standing("active"), False)
        >>> closed.sentence(Voice("Nadia"))
        'Nadia is in team-red, which opens Paint, but Paint is inactive in Okta: nobody can use it.'
        """
        sentences, shut = [], account_phrase(self.standing)
        held = f"{self._held(person)}, but " if self.given else ""
        if not self.open:
            sentences.append(f"{held}{self.thing} is inactive in Okta: nobody can use it.")
        if shut and self.open and held:
            sentences.append(f"{held}{shut}.")
        elif shut:
            lacks = person.does("is not in", "are not in") if self.kind == "group" else _has_not(person)
            head = person.does("has left", "have left") if self.left else f"{lacks} {self.thing}"
            sentences.append(f"{started(head, person)}: {shut}.")
        return " ".join(sentences)

    def takes(self, person: Voice) -> list[str]:
        """What somebody would have to do about it."""
        return [f"Someone must {act}." for act in self._acts(person)]

    def first(self, person: Voice) -> str:
        """What must be done before it helps to be given the thing; empty where nothing must.

        >>> Obstacles("Paint", "app", False, (), True, Standing("ended"), True).first(Voice("Nadia"))
        'First, someone must reactivate Nadia’s Okta account.'
        """
        acts = " and ".join(self._acts(person))
        return f"First, someone must {acts}." if acts else ""

    def _acts(self, person: Voice) -> list[str]:
        found = [] if self.open else [f"activate {self.thing} in Okta"]
        if self.standing.shut:
            act = "reactivate" if self.standing.state else "create"
            found.append(f"{act} {person.whose('Okta account')}")
        return found

    def _held(self, person: Voice) -> str:
        if not self.groups:
            return started(f"{person.does('is', 'are')} assigned to {self.thing}", person)
        return started(f"{person.does('is', 'are')} in {self.groups[0]}, which opens {self.thing}", person)


def _has_not(person: Voice) -> str:
    return person.does("does not have", "do not have")
