"""Okta's language of group rules: text, tree, three-valued value, explanation, and whole populations. Pure.

text ──parse──▶ tree ──evaluate──▶ true, false or unknown with its reason
                  ├──words──▶ "everyone whose team is Cucumber"
                  ├──explain──▶ clauses, which of them decide, what would have to change
                  └──population──▶ who fits, for all rules and all people at once

What the documentation of Okta leaves open is *unknown* here, never a guess.
"""
