"""What a finding's row is about, by its name: an object, a parameter, a key, a version. Pure."""

import re
from collections.abc import Mapping
from typing import Any, Final

from headwater.diagnosis.ids import TABLE_OF_PREFIX, prefix_of

_ID: Final = re.compile(r"[a-z]{2,8}_[A-Za-z0-9_]+")
# Ids of things that the contract has no table of its own for.
_OTHERS: Final = {"key": "API key", "inc": "incident", "rsv": "reserve", "tok": "token",
                  "pmd": "domain"}  # fmt: skip
_NAMES: Final = {
    "new_version": "API version",
    "order_ref": "order",
    "latest_key": "idempotency key",
    "api_key_id": "API key",
}
_LIBRARY: Final = re.compile(r"[a-z][a-z\-]+ \d+(?:\.\d+)+")
_PARAMETER: Final = re.compile(r"[a-z][a-z_]*(?:\[[\w\]\[]*)?")


def subject_name(row: Mapping[str, Any]) -> str:
    """`object` where the row's `object_id` is one, else what it is: `parameter`, `API key`, ….

    A column of the row that holds the same value says what it is best.
    """
    value = str(row.get("object_id") or "")
    if not value or (_ID.fullmatch(value) and prefix_of(value) in TABLE_OF_PREFIX):
        return "object"
    if _ID.fullmatch(value) and prefix_of(value) in _OTHERS and any(c.isdigit() for c in value):
        return _OTHERS[prefix_of(value)]
    for name, other in row.items():
        if name not in ("object_id", "account_id", "evidence_ids") and other == row["object_id"]:
            return _NAMES.get(name) or name.removesuffix("_id").replace("_", " ")
    if value.split("_")[0] in _OTHERS:
        return _OTHERS[value.split("_")[0]]
    if value.startswith(("/", "http")):
        return "call" if value.startswith("/") else "address"
    if _LIBRARY.fullmatch(value):
        return "library"
    return "parameter" if _PARAMETER.fullmatch(value) else "subject"
