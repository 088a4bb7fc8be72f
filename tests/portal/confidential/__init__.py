"""One company twice, with its secrets and without: whoever may not know them must see no difference."""
