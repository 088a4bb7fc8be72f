"""What is asked of the read model; each folder answers one sort of question, in frozen dataclasses."""
