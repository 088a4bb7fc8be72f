"""The oracle: a random company lives on the wire, and Sightline's answers must be what a simulator knows.

What is true (`conditions`, `books`, `answers`) and what happens (`world`, `founding`, `steps`) is told
without the product; `asking` is the only module that speaks to it, by its commands.
"""
