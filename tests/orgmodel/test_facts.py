"""What all readers do to a text."""

from orgmodel.facts import composed


def test_a_letter_and_its_accent_are_one_letter() -> None:
    assert composed("Cafe\u0301") == "Caf\u00e9"
    assert composed("Caf\u00e9") == "Caf\u00e9"
    assert composed("Angstrom \u212b") == "Angstrom \u00c5"


def test_plain_letters_and_look_alikes_stay_as_they_are() -> None:
    assert composed("Radish 7") == "Radish 7"
    assert composed("\ufb01sh") == "\ufb01sh"
    assert composed("\u0430nna") == "\u0430nna"
