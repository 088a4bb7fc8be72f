"""The engine `portal.external`: Django's PostgreSQL backend, with sessions as our statements need them."""

from django.db.backends.postgresql import base

SESSION = {"jit": "off", "plan_cache_mode": "force_generic_plan"}


class DatabaseWrapper(base.DatabaseWrapper):
    """Says `SESSION` to every new session, except what the options of DATABASE_URL speak of."""

    def init_connection_state(self) -> None:
        """Our statements are many and short: compiling one takes twenty times as long as running it.

        What is prepared is planned once (see orgmodel.queries.together).
        Said after connecting and not while: a pooler refuses start-up options that it does not know.
        """
        super().init_connection_state()
        given = str(self.settings_dict["OPTIONS"].get("options", ""))
        if named := [f"SET {name} = {value}" for name, value in SESSION.items() if name not in given]:
            with self.cursor() as cursor:
                cursor.execute("; ".join(named))
