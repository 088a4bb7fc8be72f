"""The feed: changes as sentences, where a membership names the apps it opens."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from orgmodel.queries.visibility import Viewer
from orgmodel.sources.registry import direction

from .by_day import Entry, Filter, history
from .opened import Opened, opened

BATCH = 500
NAMED = 3
"""Apps that one sentence names; the rest is counted."""


@dataclass(frozen=True)
class FeedEntry(Entry):
    """One change of the feed; `apps` is what a grant opened at that moment, near or far."""

    apps: tuple[Opened, ...] = ()

    def as_json(self) -> dict[str, Any]:
        apps = [
            {"app": o.app, "native_id": o.native_id, "level": o.level, "counts": o.counts} for o in self.apps
        ]
        return {**super().as_json(), "apps": apps}


def feed(criteria: Filter, viewer: Viewer, *, most: int, own: bool = True) -> tuple[FeedEntry, ...]:
    """The newest changes that fit; two queries however many there are. `own`: the viewer is called "You"."""
    entries = history(criteria, viewer, most=most, own=own)
    grants = [each.key for each in entries if each.kind in {"gained", "lost"}]
    found = opened(grants, viewer.hidden_about(criteria.person))
    return tuple(_feed_entry(each, found.get(each.key, ())) for each in entries)


def whole_feed(criteria: Filter, viewer: Viewer) -> Iterator[FeedEntry]:
    """Everything that fits, newest first, batch by batch, with everybody by name."""
    while batch := feed(criteria, viewer, most=BATCH, own=False):
        yield from batch
        criteria = replace(criteria, before=batch[-1].key)


def _feed_entry(entry: Entry, apps: tuple[Opened, ...]) -> FeedEntry:
    line = FeedEntry(**vars(entry), apps=apps)
    if not apps:
        return line
    counting = [each for each in apps if each.counts]
    if len(counting) == 1 and entry.why_page:
        line = replace(line, why_page=replace(entry.why_page, about=counting[0].key))
    return replace(line, kind=_mark(entry.kind, counting), sentence=_sentence(entry, apps, counting))


def _mark(kind: str, counting: Sequence[Opened]) -> str:
    """A membership that only changed levels raised them or lowered them; otherwise it stays what it was."""
    if not counting or any(each.otherwise is None for each in counting):
        return kind
    ways = {direction(each.source, *each.levels(kind)) for each in counting}
    return ways.pop().replace("other", "changed") if len(ways) == 1 else "changed"


def _sentence(entry: Entry, apps: Sequence[Opened], counting: Sequence[Opened]) -> str:
    """What a membership made of the apps that it opens; of an app, what comes with it."""
    group, joined = apps[0].holding, entry.kind == "gained"
    if not apps[0].inside:
        more = listed([each.words(entry.kind) for each in counting])
        return f"{entry.sentence} With it {'came' if joined else 'went'} {more}." if more else entry.sentence
    inside = f"{entry.voice.form('is', 'are')} {'now' if joined else 'no longer'} in {group}"
    if not counting:
        still = "already had" if joined else f"still {entry.voice.form('has', 'have')}"
        return f"{inside}, and {still} {listed([each.app for each in apps])} another way."
    new = [each.words(entry.kind) for each in counting if each.otherwise is None]
    levels = "; ".join(each.words(entry.kind) for each in counting if each.otherwise is not None)
    if not new:
        return f"{inside}. {levels}."
    way = "through" if joined else "with"
    return f"{entry.kind} {listed(new)} {way} {group}.{f' {levels}.' if levels else ''}"


def listed(words: Sequence[str]) -> str:
    """The first three names, the rest as a number: "Figma, Miro and 2 more"."""
    more = len(words) - NAMED
    shown = [*words[:NAMED], *([f"{more} more"] if more > 0 else [])]
    return " and ".join(part for part in (", ".join(shown[:-1]), shown[-1]) if part)
