"""Plays random companies and prints where Sightline's answers differ from what is true; see docs/oracle.md.

Works in a database of its own, which is dropped in the end. Ends with 1 when anything differed.
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

import django
from rich.console import Console

PARTS = ("causes", "messages", "moves", "holds")
"""What can be left off."""


def main() -> None:
    """Make the database, play every seed, print, drop the database."""
    arguments = _arguments()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from django.test.runner import DiscoverRunner

    runner = DiscoverRunner(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        seeds = (
            [arguments.seed]
            if arguments.seed is not None
            else range(arguments.first, arguments.first + arguments.seeds)
        )
        wrong = sum(_play(seed, arguments, verbose=arguments.seed is not None) for seed in seeds)
    finally:
        runner.teardown_databases(databases)
    sys.exit(1 if wrong else 0)


def _play(seed: int, arguments: argparse.Namespace, *, verbose: bool) -> int:
    """One seed; how many answers differed. `told`: every step is printed, not only what differed."""
    from django.core.management import call_command

    from .playing import Play

    console = Console(highlight=False, soft_wrap=True, markup=False)
    call_command("flush", interactive=False, inhibit_post_migrate=True, verbosity=0)
    clock = time.perf_counter()
    skip = frozenset(arguments.skip)
    with tempfile.TemporaryDirectory() as folder:
        say = console.print if verbose else lambda text: None
        play = Play(seed, arguments.steps, Path(folder), say, skip, arguments.incremental)
        play.run()
    console.print(
        f"seed {seed}: {play.step} steps, {play.reads} reads, {play.questions} questions,"
        f" {len(play.found)} mismatches, {time.perf_counter() - clock:.0f} s"
    )
    if play.found and not verbose:
        for line in play.found:
            console.print(f"  {line}")
        left_off = f" --skip {' '.join(sorted(skip))}" if skip else ""
        left_off += " --incremental" if arguments.incremental else ""
        console.print(f"  again: make oracle ARGS='--seed {seed} --steps {play.first_wrong}{left_off}'")
    return len(play.found)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make oracle", description=__doc__)
    parser.add_argument("--seeds", type=int, default=5, help="how many companies; odd ones have HR files")
    parser.add_argument("--first", type=int, default=0, metavar="SEED", help="the first of them")
    parser.add_argument("--steps", type=int, default=50, help="what happens in each")
    parser.add_argument("--skip", nargs="*", default=[], choices=PARTS, help="what is not compared")
    parser.add_argument("--incremental", action="store_true", help="read what has changed, where it may be")
    parser.add_argument("--seed", type=int, help="only this one, and say every step")
    return parser.parse_args()


if __name__ == "__main__":
    main()
