"""A pretend Okta: the tenant's state and behaviour, and the API that serves it."""
