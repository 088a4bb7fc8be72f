"""The same small company in every kind of source, each behind a wire on which a test lets things go wrong."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from email.message import Message
from typing import Any
from urllib.parse import parse_qsl

import httpx

from orgmodel.conventions import Conventions
from orgmodel.reports import Reader
from orgmodel.sources.airtable import AirtableReader, AirtableSettings
from orgmodel.sources.bamboohr import BambooReader, BambooSettings
from orgmodel.sources.basic_login import BasicLogin
from orgmodel.sources.hibob import HiBobReader, HiBobSettings
from orgmodel.sources.humaans import HumaansReader, HumaansSettings
from orgmodel.sources.okta import OktaConnection, OktaReader
from orgmodel.sources.okta.auth import Credentials
from orgmodel.sources.personio import PersonioReader, PersonioSettings
from orgmodel.sources.scim import ScimReader, ScimSettings
from orgmodel.sources.source import Reading
from orgmodel.sources.successfactors import SuccessFactorsReader
from orgmodel.sources.workday import WorkdayReader
from sandbox.airtable.server import BASE, AirtableServer
from sandbox.hris.kinds import SERVERS
from sandbox.hris.records import HrUnit, Records
from sandbox.hris.server import HrServer, Request
from sandbox.hris.workday import WORKERS, WorkdayServer

from .hr_reads import someone
from .organisation import Organisation, group, user

NOW = datetime(2026, 9, 14, 12, tzinfo=UTC)
BO, INES, IDA = "3332883884017713777", "3332883884017713901", "3332883884017713902"
"""Ids of which no number with a floating point keeps the last digits; Inès and Ida differ in the last one."""
BEGAN = date(2024, 1, 1)
RADISH, CHARD = "recRadish00000000", "rec00000000000000"
SECRET = "hunter2-secret"
PERSONAL = ("Ørsted", "@nordwind", "Zoë", "Quill", "+4915112345678")
"""Parts of names and addresses that no message may hold."""
Handler = Callable[[httpx.Request], httpx.Response]
Fault = Callable[[httpx.Request, Handler], httpx.Response]


def company() -> Records:
    """Bo leads Inès, Ida and ten more; eight teams."""
    records = Records(now=lambda: NOW)
    records.add(someone(BO, "Bo Lind", department="Engineering"))
    records.add(someone(INES, "Inès Ørsted", manager_id=BO, department="Engineering"))
    records.add(someone(IDA, "Ida Holm", manager_id=BO, department="Engineering"))
    for number in range(10):
        records.add(someone(f"w{number}", manager_id=BO, department="Engineering"))
    records.units[RADISH] = HrUnit(RADISH, "team", "Radish", "radish", active_from=BEGAN)
    for number in range(7):
        own = f"rec{number:014}"
        records.units[own] = HrUnit(own, "team", f"Grønkål {number}", f"t{number}", active_from=BEGAN)
    return records


@dataclass
class System(ABC):
    """One kind of source with the company in it. `spoilt` stands between it and Sightline."""

    records: Records = field(default_factory=company)
    fault: Fault | None = None
    listing: str = ""
    """Part of the path of the list whose records are meant."""
    rows: str = ""
    """Where the records stand in an answer: keys with dots between them; empty: the answer is the list."""
    key: str = "id"
    paged: str = ""
    """Part of the path of the list that goes on page by page, where it is another one."""
    keeps_units: bool = False
    """It is a control plane, whose units are meant and not its people."""
    lost: tuple[int, Any] = (400, {"error": "cursor expired"})
    """How it refuses the place of a page that has expired."""

    @abstractmethod
    def reader(self, now: datetime) -> Reader:
        """One read of it."""

    def happens(self) -> None:
        """What truly happens between two reads: Inès and Ida have other titles, or two teams other names."""
        if self.keeps_units:
            self.records.units[RADISH].name, self.records.units[CHARD].name = "Red Radish", "Chard"
        else:
            self.records.people[INES].title, self.records.people[IDA].title = "Staff Engineer", "Architect"

    @contextmanager
    def another(self) -> Iterator[None]:
        """Meanwhile there is somebody else under the id of Inès, and another unit under that of Radish."""
        kept = deepcopy((self.records.people, self.records.units))
        self.becomes_another()
        yield
        self.records.people, self.records.units = kept

    def becomes_another(self) -> None:
        """The id of Inès is given to somebody else."""
        ines = self.records.people[INES]
        if self.keeps_units:
            self.records.units[RADISH].name = "Zoë Quill"
        else:
            ines.name, ines.email = "Zoë Quill", "zoe.quill@nordwind.example"
            ines.start_date = date(2026, 9, 1)


@dataclass
class Http(System):
    """A source that is asked over HTTP. `serve`: what answers without faults."""

    serve: Handler = lambda _: httpx.Response(500)
    make: Callable[[Any, datetime, dict[str, Any]], Reader] = lambda *_: None  # type: ignore[assignment]

    def reader(self, now: datetime) -> Reader:
        client = {"sleep": lambda _: None, "jitter": 0.0, "transport": httpx.MockTransport(self._answer)}
        return self.make(Reading(Conventions(), now), now, client)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        return self.fault(request, self.serve) if self.fault else self.serve(request)


def in_process(server: HrServer, **small: str) -> Handler:
    """A pretend system without a socket. `small`: parameters that make its pages small, whatever is asked."""
    server.stop()

    def answer(request: httpx.Request) -> httpx.Response:
        headers = Message()
        for name, value in request.headers.items():
            headers[name] = value
        pairs = parse_qsl(request.url.query.decode(), keep_blank_values=True)
        pairs = [(name, small.get(name, value)) for name, value in pairs]
        path = request.url.path
        reply = server.answer(
            Request(request.method, path, dict(pairs), headers, request.content, pairs=pairs)
        )
        kind = {"Content-Type": reply.kind, **reply.headers}
        return httpx.Response(reply.status, content=reply.encoded(), headers=kind)

    return answer


def _hr(kind: str, **known: Any) -> tuple[Records, Any]:
    records = company()
    server = SERVERS[kind](records)
    server.token = SECRET  # type: ignore[misc]  # of this one alone
    for name, value in known.items():
        setattr(server, name, value)
    return records, server


def hibob() -> Http:
    records, server = _hr("hibob", page_size=5)
    settings = HiBobSettings(url=server.url, user=server.user, token=SECRET)
    return Http(
        records,
        listing="/people/search",
        rows="employees",
        paged="/bulk/people/work",
        serve=in_process(server),
        make=lambda by, now, client: HiBobReader(settings, by.conventions, now=now, **client),
    )


def bamboohr() -> Http:
    records, server = _hr("bamboohr")
    settings = BambooSettings(server.url, SECRET)
    return Http(
        records,
        listing="/v1/employees",
        rows="data",
        key="employeeId",
        serve=in_process(server, **{"page[limit]": "5"}),
        make=lambda by, _, client: BambooReader(settings, by, **client),
    )


def humaans() -> Http:
    records, server = _hr("humaans", most=5)
    settings = HumaansSettings(server.url, SECRET)
    return Http(
        records,
        listing="/api/people",
        rows="data",
        serve=in_process(server),
        make=lambda by, _, client: HumaansReader(settings, by, **client),
    )


def personio() -> Http:
    records, server = _hr("personio")
    settings = PersonioSettings(server.url, server.user, SECRET)
    return Http(
        records,
        listing="/v2/persons",
        rows="_data",
        serve=in_process(server, limit="5"),
        make=lambda by, _, client: PersonioReader(settings, by, **client),
    )


def scim() -> Http:
    records, server = _hr("scim", page=5)
    settings = ScimSettings(server.url, SECRET)
    return Http(
        records,
        listing="/v2/Users",
        rows="Resources",
        serve=in_process(server),
        make=lambda by, _, client: ScimReader(settings, by, **client),
    )


def successfactors() -> Http:
    records, server = _hr("successfactors", page=5)
    login = BasicLogin(server.url, server.user, SECRET)
    return Http(
        records,
        listing="/EmpEmployment",
        rows="d.results",
        key="personIdExternal",
        serve=in_process(server),
        make=lambda by, now, client: SuccessFactorsReader(login, by.conventions, now, units=True, **client),
    )


def workday() -> Http:
    records, server = _hr("workday")
    assert isinstance(server, WorkdayServer)
    login = BasicLogin(server.url, server.user, SECRET)
    people = replace(Conventions().people_fields, reports={"workers": WORKERS})
    conventions = replace(Conventions(), people_fields=people)
    return Http(
        records,
        listing=WORKERS,
        rows="Report_Entry",
        key="Employee_ID",
        serve=in_process(server),
        make=lambda _, now, client: WorkdayReader(login, conventions, now, units=True, **client),
    )


def airtable() -> Http:
    records = company()
    server = AirtableServer(records)
    server.token, server.page_size = SECRET, 5  # type: ignore[misc]  # of this one alone
    serve = in_process(server)

    def answer(request: httpx.Request) -> httpx.Response:
        """A place in a listing is good for once; a fault may look twice."""
        places = dict(server._places)
        found = serve(request)
        server._places = places | server._places
        return found

    settings = AirtableSettings(url=server.origin, token=SECRET, base=BASE, table="Units")
    return Http(
        records,
        listing=server.units.id,
        rows="records",
        keeps_units=True,
        lost=(422, {"error": {"type": "LIST_RECORDS_ITERATOR_NOT_AVAILABLE"}}),
        serve=answer,
        make=lambda by, _, client: AirtableReader(settings, by.conventions, **client),
    )


def okta() -> Http:
    records = company()

    def answer(request: httpx.Request) -> httpx.Response:
        rows = [_user(each) for each in records.people.values()]
        return Organisation({"/users": rows, "/groups": [group("00grad", 0)]}, page=5)._handle(request)

    found = OktaConnection("https://nordwind.okta.example", Credentials(SECRET), 1.0)
    return Http(
        records,
        listing="/api/v1/users",
        lost=(400, {"errorCode": "E0000029"}),
        serve=answer,
        make=lambda _, now, client: OktaReader(found, now=now, **client),
    )


def _user(person: Any) -> dict[str, Any]:
    first, _, last = person.name.partition(" ")
    profile = {"email": person.email, "login": person.email, "firstName": first, "lastName": last}
    return user(person.id, title=person.title, managerId=person.manager_id, **profile)
