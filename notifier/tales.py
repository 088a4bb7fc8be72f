"""From what changed to what is told: diffs become stories, one function per row of the notice table. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from orgmodel.queries.access import Access
from orgmodel.queries.diff import Diff
from orgmodel.recognition import slugify
from orgmodel.why.paths import Step

from .messages.stories import (
    Item,
    JoinerManagerStory,
    JoinerStory,
    LeaverManagerStory,
    LostStory,
    ManagerChangeStory,
    MoverStory,
    NewManagerStory,
    OldManagerStory,
)

REMOVES_ITSELF = frozenset({"PUSH_USER_DEACTIVATION", "SCIM_PROVISIONING"})


@dataclass(frozen=True)
class Case:
    """One settled move as everybody's stories need it."""

    diff: Diff
    when: date
    was: str
    """The unit left, by name; empty when there was none."""
    now: str
    """The unit joined."""
    link: str
    former_groups: frozenset[str] = frozenset()
    """Native ids of the groups that stand for the unit left."""
    by_hand: frozenset[str] = frozenset()
    """Native ids of apps that no deactivation in Okta reaches."""

    @property
    def name(self) -> str:
        return self.diff.person.name


def mover(case: Case) -> MoverStory:
    """To the person: everything."""
    diff = case.diff
    return MoverStory(
        link=case.link,
        person_name=case.name,
        headline_from=case.was,
        headline_to=case.now,
        when=case.when,
        gained=tuple(_item(each, own_gain(case, each), _was(diff, each)) for each in diff.gained),
        lost=tuple(_item(each, own_loss(case, each)) for each in gone(diff)),
        kept=tuple(_item(each, kept_because(each)) for each in diff.kept_unexplained),
        still=tuple(_item(each, through(each)) for each in diff.still_through),
        pending=_items(diff.pending),
    )


def old_manager(case: Case) -> OldManagerStory:
    """To the old manager: only what ended with their team, and what the person still keeps of it."""
    return OldManagerStory(
        link=case.link,
        person_name=case.name,
        headline_from=case.was,
        when=case.when,
        ended=tuple(
            _item(each, own_loss(case, each)) for each in gone(case.diff) if of_former_team(case, each)
        ),
        keeps=tuple(_item(each, kept_because(each)) for each in case.diff.kept_unexplained),
    )


def new_manager(case: Case, has: Iterable[Access]) -> NewManagerStory:
    """To the new manager: what the person has now, and what they still carry."""
    told = {each.app.pk for each in (*case.diff.kept_unexplained, *case.diff.pending)}
    return NewManagerStory(
        link=case.link,
        person_name=case.name,
        headline_from=case.was,
        headline_to=case.now,
        when=case.when,
        has=_items(each for each in has if each.app.pk not in told),
        carries=tuple(_item(each, kept_because(each)) for each in case.diff.kept_unexplained),
        pending=_items(case.diff.pending),
    )


def manager_change(case: Case, has: Iterable[Access]) -> ManagerChangeStory:
    """To a new manager when nothing else changed."""
    pending = {each.app.pk for each in case.diff.pending}
    there = _items(each for each in has if each.app.pk not in pending)
    return ManagerChangeStory(link=case.link, person_name=case.name, when=case.when, has=there)


def joiner(case: Case, has: Iterable[Access]) -> JoinerStory:
    """To somebody on the first day."""
    pending = {each.app.pk for each in case.diff.pending}
    return JoinerStory(
        link=case.link,
        person_name=case.name,
        team=case.now,
        when=case.when,
        has=tuple(_item(each, own_gain(case, each)) for each in has if each.app.pk not in pending),
        pending=_items(case.diff.pending),
    )


def joiner_manager(case: Case, has: Iterable[Access]) -> JoinerManagerStory:
    """To the joiner's manager: what is there and what is still missing."""
    pending = {each.app.pk for each in case.diff.pending}
    return JoinerManagerStory(
        link=case.link,
        person_name=case.name,
        team=case.now,
        when=case.when,
        has=_items(each for each in has if each.app.pk not in pending),
        missing=_items(case.diff.pending),
    )


def leaver_manager(case: Case, has: Iterable[Access]) -> LeaverManagerStory:
    """To the leaver's manager: what was removed, and what only a human can remove."""
    removed = [each for each in case.diff.lost if each.app.native_id not in case.by_hand]
    manual = [each for each in case.diff.lost if each.app.native_id in case.by_hand]
    return LeaverManagerStory(
        link=case.link,
        person_name=case.name,
        when=case.when,
        removed=tuple(_item(each, "") for each in removed),
        remains=(
            *(_item(each, "still open in Okta") for each in has),
            *(_item(each, "Okta cannot close the account in this app") for each in manual),
        ),
    )


def lost(case: Case) -> LostStory:
    """To somebody who lost access without a move."""
    return LostStory(
        link=case.link,
        person_name=case.name,
        when=case.when,
        lost=_items(gone(case.diff)),
        still=tuple(_item(each, through(each)) for each in case.diff.still_through),
    )


def gone(diff: Diff) -> list[Access]:
    """What is really gone: an app that is now held at another level is not."""
    held = {each.app.pk for each in (*diff.gained, *diff.pending)}
    return [each for each in diff.lost if each.app.pk not in held]


def own_gain(case: Case, each: Access) -> str:
    """Why the person gained an app, in words to the person: what is now true of them, and the rule."""
    for step, rule in _flipped(case, each, after=True):
        value = case.now if slugify(case.now) == step.level else step.level
        return f"because your {step.name} is now {value} (rule “{rule.name}”)"
    return each.cause.phrase()


def own_loss(case: Case, each: Access) -> str:
    """Why the person lost an app, in words to the person: what it came with."""
    for step, _ in _flipped(case, each, after=False):
        value = case.was if slugify(case.was) == step.level else step.level
        return f"came with the {step.name} {value}"
    return each.cause.phrase()


def _flipped(case: Case, each: Access, *, after: bool) -> Iterator[tuple[Step, Step]]:
    """Attribute and rule of every way that an attribute which changed opens, or opened."""
    values = {flip.attribute: flip.after if after else flip.before for flip in case.diff.attributes}
    for path in each.paths:
        rule = next((step for step in path.steps if step.kind == "rule"), None)
        for step in path.steps:
            if rule and step.kind == "attribute" and step.level and values.get(step.name) == step.level:
                yield step, rule


def _was(diff: Diff, each: Access) -> str:
    """The level before, when only the level changed."""
    return next((one.level for one in diff.lost if one.app.pk == each.app.pk), "")


def of_former_team(case: Case, each: Access) -> bool:
    """The app came through a group of the unit left; where no group stands for it, every loss counts."""
    if not case.former_groups:
        return True
    groups = {step.native_id for path in each.paths for step in path.steps if step.kind == "group"}
    return bool(groups & case.former_groups)


def through(each: Access) -> str:
    """By which groups an app is still held."""
    names = [step.name for path in each.paths for step in path.steps if step.kind == "group"]
    return "through " + " and ".join(dict.fromkeys(names)) if names else "assigned directly"


def kept_because(each: Access) -> str:
    """How something that nothing gives came about, and that it stays."""
    path = each.paths[0]
    how = {
        "admin": "added by hand",
        "request": "given on request",
        "automation": "put there by an automation",
    }.get(
        path.origin,
        "given directly" if path.steps[0].kind == "direct" else "added directly",
    )
    if path.origin == "rule":
        how = "left behind by a rule that is switched off"
    return f"{how}, held since {each.since:%B %Y}; it will not go by itself"


def _items(accesses: Iterable[Access]) -> tuple[Item, ...]:
    return tuple(_item(each, each.cause.phrase()) for each in accesses)


def _item(each: Access, because: str, was: str = "") -> Item:
    level = f"{each.level} (was {was})" if was and was != "assigned" else each.level
    return Item(app=each.app.name, level=level, because=because, native_id=each.app.native_id)
