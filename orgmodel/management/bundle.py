"""A bundle of evidence as a zip: a page to print, the same as JSON and CSV, and the hash of every file."""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC
from importlib.metadata import version
from pathlib import Path

from django.template.loader import render_to_string
from django.utils import timezone

from orgmodel.queries.access.holdings import Access
from orgmodel.queries.pages.freshness import freshness, known_since
from orgmodel.queries.why.evidence import Evidence
from orgmodel.why.caveats import known_only_since

from .spreadsheet import harmless

SUMS = "SHA256SUMS"
LARGEST = 200_000_000
"""Bytes of one file that `verify` is willing to read."""


class BadBundle(ValueError):
    """The file is no bundle that can be checked; the text says why."""


def write_bundle(found: Evidence, path: Path) -> list[str]:
    """Write the zip whole or not at all; the names of its files. Raises OSError."""
    began = known_since(found.moment.at, freshness(timezone.now()))
    files = {
        "evidence.html": render_to_string(
            "evidence/evidence.html",
            {
                "evidence": found,
                "known_since": known_only_since(began.astimezone(UTC), exactly=True) if began else "",
                "made": timezone.now(),
                "version": version_of(),
            },
        ),
        "evidence.css": render_to_string("evidence/evidence.css"),
        "evidence.json": json.dumps(found.as_json(), indent=2, ensure_ascii=False),
        "access.csv": _csv(
            ("App", "Native id", "Level", "Since", "There before Sightline", "Why", "Proof"),
            (way for each in found.apps for way in _ways(each.access)),
        ),
        "changes.csv": _csv(
            ("When", "What", "Why", "Proof", "Log"),
            ((each.at, each.sentence, each.cause, each.evidence, each.event) for each in found.changes),
        ),
        "events.json": json.dumps(found.events, indent=2, ensure_ascii=False),
    }
    bodies = {name: text.encode() for name, text in files.items()}
    sums = "".join(f"{hashlib.sha256(body).hexdigest()}  {name}\n" for name, body in bodies.items())
    half = path.with_name(f"{path.name}.part")
    try:
        with zipfile.ZipFile(half, "w", zipfile.ZIP_DEFLATED) as bundle:
            for name, body in [*bodies.items(), (SUMS, sums.encode())]:
                bundle.writestr(name, body)
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)
    return [*bodies, SUMS]


def verify(path: Path) -> list[str]:
    """What is wrong with the bundle, a sentence per file; nothing when all hashes agree. Raises BadBundle."""
    try:
        with zipfile.ZipFile(path) as bundle:
            sizes = {entry.filename: entry.file_size for entry in bundle.infolist()}
            if SUMS not in sizes:
                raise BadBundle(f"{path} holds no {SUMS}: it is no bundle of evidence.")
            if max(sizes.values()) > LARGEST:
                raise BadBundle(f"{path} holds a file that is too large to be checked.")
            lines = bundle.read(SUMS).decode("utf-8", "replace").splitlines()
            digests = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
            problems = [f"{name} is missing." for name in digests if name not in sizes]
            problems += [f"{name} is not listed." for name in sizes if name not in {*digests, SUMS}]
            problems += [
                f"{name} was changed."
                for name, digest in digests.items()
                if name in sizes and hashlib.sha256(bundle.read(name)).hexdigest() != digest
            ]
            return problems
    except (zipfile.BadZipFile, OSError) as error:
        raise BadBundle(f"{path} cannot be read as a zip: {error}.") from error


def version_of() -> str:
    """The version that is installed; a checkout is not."""
    try:
        return version("sightline")
    except ImportError:
        return "from a checkout"


def _ways(held: Access) -> Iterator[tuple[str, ...]]:
    """A row for each way to an app: the level that it gives, and since when where that is the one held."""
    for path in held.paths:
        level = path.steps[-1].level or held.level
        counts = level in {held.level, *held.level.split(", ")}
        before = "yes" if counts and held.before else "no" if counts else ""
        since = held.since.isoformat() if counts else ""
        yield held.app.name, held.app.native_id, level, since, before, path.sentence, path.evidence


def _csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    for row in rows:
        # A cell that a spreadsheet would calculate is made plain text.
        writer.writerow([harmless(cell) for cell in row])
    return out.getvalue()
