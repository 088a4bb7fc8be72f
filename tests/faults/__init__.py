"""What may happen at any moment, and what must hold whenever it does. Each cell names the tests that hold it.

*Messages*: none wrong, none lost, none twice. *Model*: it is what it was before, or the truth, no mixture.
*Told*: whoever runs Sightline learns of it without looking for it.

| fault | messages | model | told |
|---|---|---|---|
| kill -9 during a sync | sync_killed | sync_killed, sync/test_faults, docs/soak.md | sync_killed |
| kill -9 during a planning | plan_killed, notifier/test_mass | – | – |
| kill -9 during a delivery | notifier/test_crash | – | notifier/test_crash |
| kill -9 during a migration | – | migrations | migrations |
| disk full | disk_full | disk_full | disk_full |
| database restarted | connection_lost, production/test_walk | connection_lost | connection_lost |
| two of everything | two_at_once, production/test_walk | two_at_once, migrations | two_at_once |
| clock an hour off | clock, notifier/test_trouble | clock, sync/test_endings | sync/test_endings |
| Slack posting fails for an hour | notifier/test_trouble | – | notifier/test_trouble |
| the issuer hangs | – | – | portal/test_login |

A bare name is the test of that name in this folder; sync is tests/orgmodel/sync, the others are folders of
tests.
"""
