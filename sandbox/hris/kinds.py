"""Which HR systems the pretend company can run on: kind, as HRIS names it → the pretend server."""

from collections.abc import Mapping

from .server import HrServer
from .workday import WorkdayServer

SERVERS: Mapping[str, type[HrServer]] = {"workday": WorkdayServer}
"""One line for each kind; `csv` is none of them: it is files."""
