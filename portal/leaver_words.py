"""What is said of somebody who has left, alike on every page."""

from .templatetags.sightline import plural


def left_behind(apps: int, groups: int | None = None) -> str:
    """What somebody who left still has, as a sentence without its end. `groups`: None where nobody asked.

    An account inside an app may be there though nothing opens it.

    >>> left_behind(13, 6)
    '13 apps and 6 groups are left behind'
    >>> left_behind(0, 5)
    'nothing opens an app any more, 5 groups are left behind'
    """
    if apps:
        named = " and ".join([plural(apps, "app"), *([plural(groups, "group")] if groups else [])])
        return f"{named} {'is' if apps == 1 and not groups else 'are'} left behind"
    are = f", {plural(groups, 'group is,groups are')} left behind" if groups else ""
    return f"nothing opens an app any more{are}"
