"""Who reads about whom: the same fact addressed to the person, about them by name, or about nobody. Pure."""

from dataclasses import dataclass, field

from orgmodel.rules.spoken import AS_WRITTEN, Spoken


@dataclass(frozen=True)
class Voice:
    """How the person that a sentence is about is called by whoever reads it.

    `own`: the reader is that person. Otherwise `name` as the reader calls them; empty: they are not named.
    """

    name: str = ""
    own: bool = False
    spoken: Spoken = field(default=AS_WRITTEN, compare=False)
    """How attributes and their values are called."""

    @property
    def subject(self) -> str:
        """The person as the subject of a sentence, in the middle of it: "you", "Nadia", "the person"."""
        return "you" if self.own else self.name or "the person"

    def whose(self, thing: str) -> str:
        """Something of the person: "your team", "Nadia’s team", "team" where nobody is named."""
        return f"your {thing}" if self.own else f"{self.name}’s {thing}" if self.name else thing

    def theirs(self, thing: str) -> str:
        """The same, and "their team" where nobody is named."""
        return self.whose(thing) if self.own or self.name else f"their {thing}"

    def does(self, one: str, you: str) -> str:
        """The subject and its verb: `one` after a name, `you` after "you": "Nadia has", "you have"."""
        return f"{self.subject} {self.form(one, you)}"

    def form(self, one: str, you: str) -> str:
        """The form of a verb that goes with the subject."""
        return you if self.own else one


NOBODY = Voice()
YOU = Voice(own=True)


def first_name(whole: str) -> str:
    """How somebody is called after the first mention; the whole name where its first word may be another."""
    return whole if "," in whole else (whole.split() or [whole])[0]


def opened(words: str) -> str:
    """The words as the beginning of a sentence; only for words of our own, never for a name."""
    return words[:1].upper() + words[1:]


def started(words: str, voice: Voice) -> str:
    """The words as the beginning of a sentence, where they begin with the person."""
    return opened(words) if voice.own else words
