"""Why a question gets no answer: it is incomplete or cannot be answered. The text says what to do."""


class BadQuestion(ValueError):
    """What was asked is not complete, or cannot be understood."""


class NoAnswer(ValueError):
    """The question is understood, but there is nothing that could answer it."""
