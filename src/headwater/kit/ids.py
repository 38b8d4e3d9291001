"""Prefixed ids: the type is visible in every log line, and a wrong id is caught by eye."""

import secrets

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_LENGTH = 14


def new_id(prefix: str) -> str:
    """A fresh random id such as `case_8Kd2LqV0x1Yz3A`; 81 bits, without look-alike letters."""
    return f"{prefix}_" + "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
