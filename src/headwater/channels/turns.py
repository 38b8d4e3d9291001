"""One filing at a time: an answer and what it answers, filed at once, would each open a case."""

from pathlib import Path
from typing import Final

from django.db import connection

_WAIT = Path(__file__).with_name("file_in_turn.sql").read_text()
# Any number that no other lock of this database has.
_FILING: Final = 0x4D41_494C


def wait_for_turn() -> None:
    """Waits, in a transaction, for the others that file mail, and sees what they filed.

    To be called before any row is locked. SQLite has one writer at a time by itself.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(_WAIT, [_FILING])
