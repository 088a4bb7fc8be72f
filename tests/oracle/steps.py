"""What can happen in a company, one random step at a time, and how often each kind does."""

from collections.abc import Callable
from random import Random

from . import careers, structure, tinkering
from .staging import NothingToDo, Stage
from .world import World


def nothing(_on: Stage) -> str:
    return "nothing happens"


STEPS: tuple[tuple[int, Callable[[Stage], str]], ...] = (
    (10, careers.move),
    (6, careers.attribute),
    (5, tinkering.hand_in),
    (5, tinkering.take_out),
    (2, tinkering.take_out_of_one),
    (3, tinkering.new_rule),
    (3, tinkering.edit_rule),
    (3, tinkering.switch_rule),
    (2, tinkering.delete_rule),
    (2, tinkering.new_group),
    (2, tinkering.delete_group),
    (2, tinkering.rename_unit),
    (2, tinkering.reparent),
    (3, tinkering.open_app),
    (2, tinkering.close_app),
    (4, tinkering.other_level),
    (4, tinkering.assign),
    (3, tinkering.unassign),
    (3, tinkering.switch_app),
    (3, careers.hire),
    (2, careers.future_hire),
    (4, careers.leave),
    (2, careers.suspend),
    (4, careers.come_back),
    (2, careers.delete_user),
    (3, careers.rehire),
    (2, tinkering.lead),
    (3, structure.place),
    (2, structure.displace),
    (1, structure.retire),
    (1, structure.stray_group),
    (1, structure.same_name),
    (2, tinkering.unit_first),
    (3, tinkering.hang),
    (2, careers.other_manager),
    (1, nothing),
)
"""How often, beside the others, each kind of step is drawn."""


def happen(world: World, dice: Random) -> str:
    """One random step; what it was."""
    on = Stage(world, dice)
    weights, kinds = [weight for weight, _ in STEPS], [step for _, step in STEPS]
    while True:
        try:
            return dice.choices(kinds, weights)[0](on)
        except NothingToDo:
            continue
