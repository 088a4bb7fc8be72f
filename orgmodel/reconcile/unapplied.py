"""What rules should have done and did not, and whom they exclude by name."""

from collections.abc import Iterable
from dataclasses import replace

from orgmodel.rules.batch_index import Look, Memberships
from orgmodel.rules.population import looked_at
from orgmodel.sources.fix import console

from .detectors import Context, Found, detector, listed, short


@detector("rule-not-applied", "Matches a rule, and is not in its group", "medium", "grant", "rule", "account")
def not_applied(context: Context) -> Iterable[Found]:
    """People whom a live rule takes and who are not in a group that it feeds.

    Whether Okta looks at staged and suspended people at all is not known: they are no finding.
    """
    snapshot = context.rule_snapshot()
    states = snapshot.population.states
    for rule in snapshot.running:
        fit = snapshot.expected.fits.get(rule.native_id)
        for target in rule.targets if fit else ():
            absent = fit.people.difference(snapshot.population.members.get(target, ())) if fit else ()
            missing = sorted(place for place in absent if looked_at(states[place]))
            if missing and target in snapshot.groups:
                label = snapshot.tenant.groups[target].name
                names = [snapshot.labels[place] for place in missing]
                accounts = [snapshot.population.natives[place] for place in missing]
                yield Found(
                    (target, rule.native_id),
                    f"{short(label)}: {listed(names)} {'matches' if len(names) == 1 else 'match'} the rule"
                    f" “{short(rule.name)}”, and {'is' if len(names) == 1 else 'are'} not in it.",
                    tuple(snapshot.people[place] for place in missing),
                    (snapshot.groups[target],),
                    {
                        "group": target,
                        "rule": rule.native_id,
                        "expression": rule.expression,
                        "accounts": accounts[:200],
                        "evidence": "our own evaluation of the rule",
                    },
                    console(
                        "Directory › Groups › Rules › {}: deactivate and activate, to look at everybody anew",
                        rule.native_id,
                    ),
                )


@detector("rule-exception", "Kept out of a rule by name", "low", "rule", "account")
def passed_over(context: Context) -> Iterable[Found]:
    """People who would match a live rule and are excluded from it by name.

    Whoever takes a member out of a rule-fed group by hand excludes them so, often without knowing.
    """
    snapshot = context.rule_snapshot()
    places = {native: place for place, native in enumerate(snapshot.population.natives)}
    look = Look(snapshot.population)
    look.memberships = Memberships(snapshot.population, {}, {})
    for rule in snapshot.running:
        out = [places[native] for native in sorted(rule.excluded) if native in places]
        fitting = look.fit(replace(rule, excluded=frozenset())).people if out else frozenset()
        for place in out:
            if place in fitting:
                account = snapshot.population.natives[place]
                aims = [snapshot.groups[each] for each in rule.targets if each in snapshot.groups]
                into = "its group" if len(aims) == 1 else "its groups"
                yield Found(
                    (rule.native_id, account),
                    f"{short(rule.name)}: {short(snapshot.labels[place])} matches the rule, but is excluded"
                    f" from it by name: it never puts them into {into}.",
                    (snapshot.people[place],),
                    tuple(aims),
                    {"rule": rule.native_id, "account": account, "expression": rule.expression},
                    console(
                        "Directory › Groups › Rules › {}: remove {} from the excluded people",
                        rule.native_id,
                        account,
                        back="Directory › Groups › Rules › {}: add {} to the excluded people",
                    ),
                )
