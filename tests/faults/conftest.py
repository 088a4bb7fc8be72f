"""The pretend company of the flows, and installations with processes of their own."""

from tests.flows.conftest import clock, nordwind
from tests.production.conftest import company, install

__all__ = ["clock", "company", "install", "nordwind"]
