"""What is said of somebody who has left, alike on every page."""

from .templatetags.sightline import plural


def left_behind(apps: int, groups: int | None = None) -> str:
    """What somebody who left still has, as a sentence without its end. `groups`: None where nobody asked.

    >>> left_behind(13, 6), left_behind(0, 1), left_behind(0)
    ('13 apps and 6 groups are left behind', 'no app is left behind, but 1 group', 'no app is left behind')
    """
    if apps:
        named = " and ".join([plural(apps, "app"), *([plural(groups, "group")] if groups else [])])
        return f"{named} {'is' if apps == 1 and not groups else 'are'} left behind"
    return "no app is left behind" + (f", but {plural(groups, 'group')}" if groups else "")
