"""What `headwater evidence verify` has proven at an address, kept on this machine.

A proof is for one address and for one state of the rules: after an upgrade that changes a rule, a
query of the suite or the parser, it is asked for again.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from headwater.kit.clock import utc_now
from headwater.kit.places import cache_folder

_RULES = ("dialects", "conformance")
_FILES = ("binding.py", "constructs.py", "families.py", "normal.py", "seam.py")
_VERDICT = {
    "differs": "gave another answer than DuckDB's",
    "failed": "failed",
    "refused": "was refused",
}


@dataclass(frozen=True, slots=True)
class Proof:
    """The verdict on each construct at an address; none where nobody has asked."""

    address: str
    verdicts: Mapping[str, str]
    made_at: str = ""
    outdated: bool = False

    @property
    def proven(self) -> frozenset[str]:
        """The constructs that may run there."""
        if self.outdated:
            return frozenset()
        return frozenset(name for name, verdict in self.verdicts.items() if verdict == "pass")

    def remedy(self, construct: str) -> str:
        """What a person may do about a construct that is not proven."""
        run = f"`headwater evidence verify --engine '{self.address}'`"
        if self.outdated:
            return f"The rules have changed since this address was verified: run {run} again."
        found = _VERDICT.get(self.verdicts.get(construct, ""))
        if found:
            return f"On {self.made_at} it {found} there; after a change there run {run} again."
        if self.verdicts:
            return "No query of the conformance suite holds it, so no engine but DuckDB runs it."
        return f"Run {run}: what passes there is kept for this address."


def proof_of(engine: str, address: str) -> Proof:
    """What is kept for an address. A file that cannot be read counts as none."""
    shown = bare(address)
    try:
        data = json.loads(_place(engine, address).read_text("utf-8"))
        verdicts = {str(name): str(verdict) for name, verdict in data["constructs"].items()}
        return Proof(shown, verdicts, str(data["made_at"])[:10], data["rules"] != rules())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Proof(shown, {})


def keep(engine: str, address: str, verdicts: Mapping[str, str]) -> Path:
    """Keeps the verdicts for an address in the place of older ones. Returns the file."""
    place = _place(engine, address)
    place.parent.mkdir(parents=True, exist_ok=True)
    data = {
        "address": bare(address),
        "made_at": utc_now().isoformat(timespec="seconds"),
        "rules": rules(),
        "constructs": dict(sorted(verdicts.items())),
    }
    fresh = place.with_suffix(f".{os.getpid()}")
    fresh.write_text(json.dumps(data, indent=1) + "\n", "utf-8")
    fresh.replace(place)
    return place


def bare(address: str) -> str:
    """An address without what says who asks: another role of the same place is the same engine."""
    parts = urlsplit(address)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


@cache
def rules() -> str:
    """A fingerprint of all that makes the SQL: the passes, the suite and the parser."""
    digest = hashlib.blake2b(version("sqlglot").encode(), digest_size=16)
    here = Path(str(files("headwater.evidence.engines")))
    found = [here / name for name in _FILES]
    for folder in _RULES:
        found += sorted(here.joinpath(folder).rglob("*.py"))
        found += sorted(here.joinpath(folder).rglob("*.sql"))
    for path in found:
        digest.update(str(path.relative_to(here)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _place(engine: str, address: str) -> Path:
    name = hashlib.blake2b(bare(address).encode(), digest_size=8).hexdigest()
    home = os.environ.get("HEADWATER_HOME")
    return (Path(home) if home else cache_folder()) / "verified" / f"{engine}-{name}.json"
