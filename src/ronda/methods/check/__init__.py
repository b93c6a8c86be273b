"""A check character for what people copy by hand: a wrong key and two keys swapped are always found.

Takes text of digits, letters and single blanks. Gives one character, or whether the one that came is right.
Never says which key was wrong. Method note: docs/methods/check.md.
"""

from ronda.methods.check.character import check_character, has_check

__all__ = ["check_character", "has_check"]
