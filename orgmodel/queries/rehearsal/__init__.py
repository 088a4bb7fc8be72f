"""What would be if: one person moves (what-if), or many do (a rehearsal); one evaluator for both."""
