"""The engine `portal.embedded`: Django's PostgreSQL backend, connected to the embedded server."""

from typing import Any

from django.db.backends.postgresql import base
from psycopg import Connection, OperationalError

from portal.embedded.membership import Membership, membership
from portal.embedded.postmaster import SUPERUSER


class DatabaseWrapper(base.DatabaseWrapper):
    """Takes the data directory from EMBEDDED_FOLDER and joins its server before the first connection."""

    @property
    def _membership(self) -> Membership:
        return membership(self.settings_dict["EMBEDDED_FOLDER"])

    def get_connection_params(self) -> dict[str, Any]:
        """Django's parameters with the socket folder as host. Raises EmbeddedServerError."""
        return {**super().get_connection_params(), "host": str(self._membership.join()), "user": SUPERUSER}

    def get_new_connection(self, conn_params: dict[str, Any]) -> Connection[Any]:
        """A connection; a server that died meanwhile is started once more. Raises EmbeddedServerError."""
        connection: Connection[Any]
        try:
            connection = super().get_new_connection(conn_params)
        except OperationalError:
            socket_folder = self._membership.join(verify=True)
            connection = super().get_new_connection({**conn_params, "host": str(socket_folder)})
        return connection
