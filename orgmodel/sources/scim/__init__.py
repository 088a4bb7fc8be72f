"""Any service provider of SCIM 2.0: users with the enterprise extension, and groups where they are units."""

from .declared import SOURCE
from .reader import ScimReader
from .settings import ScimSettings

__all__ = ["SOURCE", "ScimReader", "ScimSettings"]
