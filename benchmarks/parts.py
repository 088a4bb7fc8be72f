"""The parts of the measuring one after another, each on a company that nobody used before."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.core.management import call_command
from django.test import override_settings
from rich.console import Console

from sandbox.sizes import SIZES

from . import answers, limits, live, merging, outbox, pages, rehearsing, rules, serving, upkeep, wire
from .company import Size
from .report import report
from .statements import Statements
from .tenant import Tenant


def run(console: Console, size: str, names: Sequence[str], *, statements: int = 0) -> None:
    """Measure the named parts at the size and print a table for each; needs an empty database."""
    if {"wire", "pages", "upkeep", "serving", "live"} & {*names}:
        _on_the_wire(console, size, names, statements)
        _empty()
    if {"sync", "access", "why", "rehearse"} & {*names}:
        _in_memory(console, size, names)
        _empty()
    if "rules" in names:
        people = SIZES[size].people
        title = f"Rules: {people:,} people, {rules.RULES:,} rules"
        console.print(report(title, size, rules.measure(people)))
    if "outbox" in names:
        console.print(report("Outbox", size, outbox.measure()))
    if "limits" in names:
        title = f"At the rate limits of a real organisation: {SIZES[size].people:,} people"
        console.print(report(title, size, limits.measure(size)))


def _on_the_wire(console: Console, size: str, names: Sequence[str], statements: int) -> None:
    @contextmanager
    def watched(name: str) -> Iterator[None]:
        if not statements:
            yield
            return
        seen = Statements()
        with seen.watched():
            yield
        console.print(seen.table(name, statements))

    with Tenant(size) as tenant, override_settings(SIGHTLINE=wire.configuration(tenant)):
        has = tenant.counts
        title = f"{has.users:,} people, {len(has.owners):,} groups, {len(has.app_groups):,} apps"
        if "wire" in names:
            lines = wire.measure(tenant, watched)
            console.print(report(f"Sync over loopback: {title}", size, lines))
        else:
            wire.fill(tenant)
        if "pages" in names:
            console.print(report(f"Pages: {title}", size, pages.measure()))
        if "upkeep" in names:
            parts = (upkeep.measure_evidence, upkeep.measure_findings, upkeep.measure_outcome)
            lines = [line for measure in parts for line in measure()]
            console.print(report(f"Beside the pages: {title}", size, lines))
        if "serving" in names:
            console.print(report(f"Serving: {title}", size, serving.measure(tenant)))
        if "live" in names:
            console.print(report(f"From a change to its page: {title}", size, live.measure(tenant)))


def _in_memory(console: Console, size: str, names: Sequence[str]) -> None:
    has = SIZES[size]
    answer = merging.found(Size(has.people, has.groups, has.apps))
    took = merging.first(answer)
    title = f"{has.people:,} people, {has.groups:,} groups, {has.apps:,} apps"
    if "sync" in names:
        console.print(report(f"Sync from memory: {title}", size, merging.measure(answer, took)))
    if questions := [name for name in ("access", "why") if name in names]:
        console.print(report(f"Answers: {title}", size, answers.measure(questions)))
    if "rehearse" in names:
        console.print(report(f"Rehearsal: {title}", size, rehearsing.measure()))


def _empty() -> None:
    call_command("flush", verbosity=0, interactive=False)
