"""What outlives a restart: the company, Slack's messages and the clock, in one file of a folder."""

import os
import pickle
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from .company import Company
from .hris.records import HrAssignment, HrPerson, HrRow, HrUnit
from .okta.state import Actor, App, Group, Push, Rule, Seat, User
from .okta.tenant import Tenant

FORMAT = 4
"""Counts up when what is kept changes in a way that the fields of its records do not show."""
RECORDS = (Company, Tenant, HrAssignment, HrPerson, HrRow, HrUnit, Actor, App, Group, Push, Rule, Seat, User)
SHAPE = (FORMAT, [(kind.__qualname__, [field.name for field in fields(kind)]) for kind in RECORDS])
"""A file with another shape was written by another version."""
NAME = "nordwind.pickle"


@dataclass(frozen=True)
class Memory:
    """What a former run left. `at`: where the clock stood, None for real time."""

    company: Company
    posts: dict[str, Any]
    at: datetime | None


def read_memory(folder: Path) -> Memory | None:
    """What lies in the folder, if anything. Raises ValueError when another version wrote it."""
    path = folder / NAME
    if not path.exists():
        return None
    try:
        # The file is our own, written beside the database by the function below.
        known = pickle.loads(path.read_bytes())  # noqa: S301
    except (AttributeError, EOFError, ImportError, TypeError, pickle.UnpicklingError):
        known = None
    if not isinstance(known, dict) or known.get("format") != SHAPE:
        raise ValueError(f"{path} was written by another version of the sandbox; delete its folder")
    return Memory(known["company"], known["posts"], known["at"])


def write_memory(folder: Path, company: Company, posts: dict[str, Any], at: datetime | None) -> None:
    """Replace the file in one step."""
    draft = (folder / NAME).with_suffix(".new")
    with draft.open("wb") as file:
        pickle.dump({"format": SHAPE, "company": company, "posts": posts, "at": at}, file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder / NAME)
