"""Names that mean several: the answer must be a choice of all of them, and each must be found by its own."""

from collections.abc import Iterable, Iterator

from . import answers
from .asking import ask
from .books import Books
from .comparing import Mismatch, differ, plain, refused
from .founding import DESKS, FRONT_DESK


def check_namesakes(books: Books) -> Iterator[Mismatch]:
    """Every name that groups share; the address that two accounts share."""
    names = [each.name for each in books.groups.values()]
    for name in sorted({each for each in names if names.count(each) > 1}):
        same = {each.id for each in books.groups.values() if each.name == name}
        yield from _choice("who", name, same)
        for group in sorted(same):
            found = ask("who", group)
            yield from refused(f"who {group}", found)
            if "refused" not in found:
                yield from differ(f"who {group}", None, target=(group, found["target"]["native_id"]))
    yield from _choice("access", FRONT_DESK, DESKS.values())
    for login, name in DESKS.items():
        found = ask("access", login)
        yield from refused(f"access {login}", found)
        if "refused" not in found:
            apps = {each["native_id"]: each["level"] for each in found["apps"]}
            who = found["person"]
            yield from differ(
                f"access {login}",
                None,
                person=((name, FRONT_DESK), (who["name"], who["email"])),
                apps=(_open_to_all(books), apps),
            )


def _choice(question: str, name: str, candidates: Iterable[str]) -> Iterator[Mismatch]:
    """No answer, but what tells the candidates apart."""
    found = ask(question, name)
    named = found.get("candidates", ())
    offered = {text for each in named for text in (each["name"], *each["hint"].split(" · "))}
    if found.get("code") != 1 or set(candidates) - offered:
        yield Mismatch(f"{question} {name}", f"a choice of {plain(set(candidates))}, exit code 1", found)


def _open_to_all(books: Books) -> answers.Levels:
    """What somebody has who is in no group but Everyone."""
    everyone = next(each.id for each in books.groups.values() if each.everyone)
    opened = {
        app.id: app.opens[everyone] for app in books.apps.values() if app.active and everyone in app.opens
    }
    return {app: level for app, (_, level) in opened.items()}
