"""Which HR systems the pretend company can run on: kind, as HRIS names it → the pretend server."""

from collections.abc import Mapping

from .bamboohr import BambooServer
from .hibob import HiBobServer
from .humaans import HumaansServer
from .personio import PersonioServer
from .scim import ScimServer
from .server import HrServer
from .successfactors import SuccessFactorsServer
from .workday import WorkdayServer

SERVERS: Mapping[str, type[HrServer]] = {
    "hibob": HiBobServer,
    "bamboohr": BambooServer,
    "humaans": HumaansServer,
    "personio": PersonioServer,
    "scim": ScimServer,
    "successfactors": SuccessFactorsServer,
    "workday": WorkdayServer,
}
"""One line for each kind; `csv` is none of them: it is files."""
