"""Prefixed ids: the type is visible in every log line, and a wrong id is caught by eye."""

import secrets

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_LENGTH = 14


def new_id(prefix: str) -> str:
    """A fresh random id such as `case_8Kd2LqV0x1Yz3A`; 81 bits, without look-alike letters."""
    # One draw of far more bits than are used: what the remainder favours is below 2**-46.
    number, letters = secrets.randbits(128), []
    for _ in range(_LENGTH):
        number, place = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[place])
    return f"{prefix}_{''.join(letters)}"
