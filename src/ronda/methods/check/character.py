"""ISO/IEC 7064 MOD 37-2 over digits, letters and the blank between two groups."""

MODULUS, RADIX = 37, 2
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
BLANK = 36  # the value that the standard gives to the asterisk, which stands for no character of the text
_VALUES = {**{sign: value for value, sign in enumerate(ALPHABET)}, " ": BLANK}
_SIGNS = f"{ALPHABET}*"


def check_character(text: str) -> str:
    """Check character of a text, as ISO/IEC 7064 MOD 37-2 gives it.

    Parameters
    ----------
    text : str
        Digits 0-9, letters A-Z and blanks, at least one character. The blank has the value 36.

    Returns
    -------
    sign : str
        One of 0-9, A-Z or `*`.

    Raises
    ------
    ValueError
        If the text is empty or holds another character; the message gives it.

    Notes
    -----
    2 is a primitive root of 37, so the weights of two neighbours differ and none is zero: one character replaced by
    another of the 37, and two neighbours swapped, always change the result. Other errors pass once in 37 times.

    References
    ----------
    ISO/IEC 7064:2003, system MOD 37-2. Method note: docs/methods/check.md.

    Examples
    --------
    >>> check_character("G123489654321")  # the example of ISBT 128
    'Y'
    >>> check_character("5101022003007 BUP 190 42 232 5 237")
    'L'
    """
    total = 0
    for sign in text:
        if sign not in _VALUES:
            raise ValueError(f"text: wanted digits, letters A-Z and blanks, came {sign!r}")
        total = (total + _VALUES[sign]) * RADIX % MODULUS
    if not text:
        raise ValueError("text: wanted at least one character, came none")
    return _SIGNS[(1 - total) % MODULUS]


def has_check(text: str, sign: str) -> bool:
    """Whether a check character belongs to a text.

    Parameters
    ----------
    text : str
        As `check_character` takes it.
    sign : str
        The character that came with it, upper case.

    Returns
    -------
    is_right : bool
        False also where the text could have no check character at all.

    Examples
    --------
    >>> has_check("5101022003007 BUP 190 42 232 5 237", "L"), has_check("5101022003007 BUP 109 42 232 5 237", "L")
    (True, False)
    """
    try:
        return check_character(text) == sign
    except ValueError:
        return False
