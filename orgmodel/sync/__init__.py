"""Reading the sources and applying what they say: the only writer of the read model."""
