"""Warnings about group rules from rules/lint.py, as findings."""

from collections.abc import Iterable
from functools import partial

from orgmodel.sources.fix import console

from .detectors import Context, Found, Severity, detector, short
from .rule_snapshot import RuleSnapshot

KINDS: tuple[tuple[str, str, Severity, str], ...] = (
    ("rule-target", "Rule that feeds a group in vain", "high", "no-target target-gone target-retired"),
    ("rule-attribute", "Rule that reads what nobody has", "high", "unknown-attribute empty-attribute"),
    ("rule-near-value", "Rule that looks for a value written otherwise", "high", "near-value"),
    ("rule-never", "Rule that takes nobody", "low", "never contradiction"),
    ("rule-always", "Rule that takes everybody", "low", "everybody always"),
    ("rule-repeated", "Rule that another rule says already", "low", "duplicate contained"),
    ("rule-waiting", "Rule that waits for other rules", "low", "cascade circle"),
    ("rule-unclear", "Rule whose people cannot all be known", "low", "invalid undocumented cannot-tell"),
    ("rule-limit", "Rules near a limit of Okta", "medium", "many-rules many-targets many-excluded long-name"),
)
"""Detector, title, usual severity, and the kinds of remarks it tells."""


def _odd(kinds: frozenset[str], context: Context) -> Iterable[Found]:
    snapshot = context.rule_snapshot()
    known = {rule.native_id: rule for rule in snapshot.rules}
    for native, remarks in snapshot.remarks.items():
        rule = known.get(native)
        for remark in remarks:
            # Where Okta says itself that the rule is invalid, that is another finding.
            if remark.kind not in kinds or (rule and (remark.kind, rule.status) == ("invalid", "invalid")):
                continue
            yield Found(
                (native, remark.kind, remark.about, *remark.rules),
                f"{short(rule.name)}: {remark.sentence}" if rule else remark.sentence,
                resources=_aims(snapshot, rule.targets if rule else ()),
                evidence={
                    "rule": native,
                    "kind": remark.kind,
                    "said": remark.sentence,
                    "status": rule.status if rule else "",
                    "expression": rule.expression if rule else "",
                    "column": remark.column,
                    "rules": list(remark.rules),
                },
                fix=console("Directory › Groups › Rules › {}: deactivate, edit, activate", native)
                if rule
                else (),
                severity=remark.severity,
            )


for _name, _title, _severity, _kinds in KINDS:
    detector(_name, _title, _severity, "rule", "account")(partial(_odd, frozenset(_kinds.split())))


def _aims(snapshot: RuleSnapshot, targets: Iterable[str]) -> tuple[int, ...]:
    return tuple(snapshot.groups[each] for each in targets if each in snapshot.groups)
