"""Which lines of the System Log are kept: those that can say why access changed."""

KEPT = (
    "group.",
    "application.",
    "user.lifecycle.",
    "user.account.",
    "system.import.",
    "system.identity_sources.",
    "app.user_management",
    "app.access_request.",
    "access.",
    "certification.",
    "governance.",
    "entitlement",
    "resource.",
)
"""How their types begin. Requests and reviews are Okta Identity Governance: `access.request.*`,
`access.review.*`, `certification.campaign.*`; `resource.*` are owners, and what collections assign."""
KEPT_ANYWHERE = ("realm", "collection")
"""Words in types whose beginning differs from release to release."""
LOG_FILTER = " or ".join(
    (
        *(f'eventType sw "{each}"' for each in KEPT),
        *(f'eventType co "{each}"' for each in KEPT_ANYWHERE),
    )
)
