"""What there is to know: each kind of fact (`of_facts`) and of resource (`resources`), declared once.

Staging, merge, guard, changes, the feed, the sources page and the docs take from here what they need of a
kind. The SQL that says which rows are wanted stands in `sync`, under the name of the kind.
"""

from .declaration import Kind, Limit
from .of_facts import BY_FACT, BY_NAME, KINDS, in_words
from .resources import ResourceKind, resource_kinds

__all__ = ["BY_FACT", "BY_NAME", "KINDS", "Kind", "Limit", "ResourceKind", "in_words", "resource_kinds"]
