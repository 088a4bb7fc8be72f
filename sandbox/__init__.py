"""A pretend company on loopback: Okta, HR and Slack servers for the demo, the tests and the benchmarks.

Nothing of Sightline is imported here and nothing of Sightline imports it: they meet on the wire.

A tiny tenant, made by hand (ids are the same every time; `now` gives aware datetimes):

    tenant = Tenant(now)
    nadia = tenant.add_user("nadia.brandt@nordwind.example", team="radish")
    radish = tenant.add_group("team-radish", "AUTO team Radish", airtableId="rec1")
    tenant.add_rule("Radish team", 'user.team == "radish"', radish)
    tenant.assign_group(tenant.add_app("Figma"), radish, 1, role="Viewer")
    with OktaServer(tenant) as okta:    okta.url, okta.token, okta.calls, okta.limits, okta.faults
        tenant.set_profile(nadia, {"team": "cucumber"}, actor)      rules, groups, apps and log follow

Whoever changes a tenant from another thread while it is served holds `tenant.lock`.

Nordwind, with its people, units, apps, rules and its mess:

    company = Company(seed=7, size="demo", now=now)                 or S, L, XL; without any server
    with Sandbox.demo(now=clock) as box:    box.okta.url, box.okta.token, box.slack.api_url, box.feed_dir
        box.play("move", person="nadia.brandt@nordwind.example", team="cucumber")
    Sandbox(folder)                                                 the same, remembered in a folder
    Sandbox(folder, hris="hibob")       on a pretend HiBob: box.hris.faults, box.hris.calls, box.variables
    Sandbox(folder, units="airtable")   its units in a pretend Airtable: box.control.faults, box.control.units

`box.play` takes every name of `scenario.SCENES`; `box.next_of_year(today)` plays the dated scenes of
`year.year`. `box.feed_dir` holds people.csv, units.csv and assignments.csv.

Faults, by hand or from the controller, until `okta.faults.clear()`: `empty`, `refuse`, `fail`, `cut`,
`mistype`, `slow`, `forbid`, `revoke_token`, `garble`, `shuffle`, `lose_expand`.

Pretend HR systems (`hris/kinds.py` lists them) subclass `hris/server.py`: routes, limits and faults.

`python -m sandbox --state FOLDER` starts everything and says in one JSON line where.
"""
