"""What it would take to get something: the rules into its groups, nearest first."""

from collections.abc import Sequence

from orgmodel.queries.access.target import Target
from orgmodel.queries.moments import Moment
from orgmodel.queries.rules.rule_evaluation import Proofs, proofs
from orgmodel.queries.visibility import Viewer
from orgmodel.why.paths import Path, Step
from orgmodel.why.requirements import BY_HAND, by_hand, requirement


def ways_in(
    who: int,
    target: Target,
    groups: Sequence[tuple[Target, str]],
    moment: Moment,
    viewer: Viewer,
    *,
    shut: bool = False,
) -> tuple[Path, ...]:
    """Rules into any of the groups, each given with the level it opens; groups without a rule come last.

    `shut`: the person's account is deactivated. One query.
    """
    named = {each.native_id: (each, level) for each, level in groups if each.pk not in viewer.hidden}
    proof = proofs(moment, groups=named, person=who, viewer=viewer)
    ways = [*_by_rule(proof, named, target, shut=shut)]
    fed = {path.steps[1].native_id for _, path in ways}
    for native, (group, level) in named.items():
        if native not in fed:
            sentence = by_hand(group.name, group.type, group.comes_from(viewer.hidden))
            ways.append(((BY_HAND, 0, group.name), Path(_tail(group, level, target), sentence, "none")))
    return tuple(path for _, path in sorted(ways, key=lambda way: way[0]))


Way = tuple[tuple[int, int, str], Path]
"""How far away, and the way."""


def _by_rule(
    proof: Proofs, named: dict[str, tuple[Target, str]], target: Target, *, shut: bool
) -> Sequence[Way]:
    account, subject = next(iter(proof.subjects.items()), (0, None))
    ways: list[Way] = []
    for rule in proof.rules.values():
        explanation = proof.of(account, rule.expression)
        left_out = subject is not None and subject.native_id in rule.excluded
        far, sentence = requirement(
            rule.name, explanation, left_out=left_out, shut=shut, absent=subject is None
        )
        clauses = explanation.clauses if explanation else ()
        head = Step("rule", rule.name, rule.native_id, "", rule.expression, clauses, key=rule.key)
        for native in rule.targets:
            if rule.status == "active" and native in named:
                steps = (head, *_tail(*named[native], target))
                path = Path(steps, sentence, "evaluated" if explanation else "none")
                ways.append(((far, len(explanation.missing) if explanation else 0, rule.name), path))
    return ways


def _tail(group: Target, level: str, target: Target) -> tuple[Step, ...]:
    """From the group to the target."""
    step = Step("group", group.name, group.native_id)
    return (step, Step("app", target.name, target.native_id, level)) if target.kind == "app" else (step,)
