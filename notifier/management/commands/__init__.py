"""Commands of the notifier, one module each."""
