"""A pretend company on loopback: Okta, HR and Slack servers for the demo, the tests and the benchmarks.

Nothing of Sightline is imported here and nothing of Sightline imports it: they meet on the wire.

    tenant = Tenant(now)                          a bare Okta organisation
    with OktaServer(tenant) as okta: okta.url     … served on loopback
    company = Company(seed=7)                     Nordwind, with people, units, apps, rules and its mess
    with Sandbox(company) as box: box.play("move", person=…, team="cucumber"); Sandbox(folder) remembers
"""
