"""The engine `portal.external`: Django's PostgreSQL backend, with sessions as our statements need them."""

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Switches just-in-time compiling off, unless the options of DATABASE_URL speak of it."""

    def init_connection_state(self) -> None:
        """Our statements are many and short: compiling one takes twenty times as long as running it.

        Said after connecting and not while: a pooler refuses start-up options that it does not know.
        """
        super().init_connection_state()
        if "jit" not in str(self.settings_dict["OPTIONS"].get("options", "")):
            with self.cursor() as cursor:
                cursor.execute("SET jit = off")
