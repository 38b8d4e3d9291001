"""A checked query as text with slots, and the typed literals that fill them."""

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlglot import exp

from headwater.evidence.bounds import Bounds
from headwater.evidence.errors import QueryRefused
from headwater.evidence.necessity import Need
from headwater.kit.clock import as_naive_utc

# Unguessable, so that no text a person writes can look like a slot or name an engine view.
NONCE = secrets.token_hex(8)
_SLOT = re.compile(rf"\$hw{NONCE}_(scope|limit|p_\w+)|\"hw{NONCE}_((?:cols|from)_\w+)\"")

ParamValue = datetime | date | str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Source:
    """An engine relation that stands for a contract table, and the columns it offers.

    `bounded`, where given, is SQL that stands for the relation's rows of the scope's accounts.
    """

    relation: str
    columns: tuple[str, ...]
    bounded: str | None = None


@dataclass(frozen=True, slots=True)
class Template:
    """A checked query. `pieces` alternates SQL and slot names; `limit` is the query's own.

    `references` has a table as often as the query names it. `sliceable` says that the query means
    the same over a source that offers only the columns in `needs`; `bounds` between which times
    it reads a table, where every mention of the table says so, and `sieves` which conditions a
    row meets one of to be of use there. Unless a row fulfils each of
    `necessary` it has none; `names` are its columns where each says its name. `tree` is the
    checked tree that the pieces were written from, its slots still empty, for engines that speak
    another dialect.
    """

    pieces: tuple[str, ...]
    tables: frozenset[str]
    references: tuple[str, ...]
    needs: frozenset[tuple[str, str]]
    params: frozenset[str]
    limit: int | str | None
    sliceable: bool
    bounds: Mapping[str, Bounds] = field(hash=False, compare=False)
    necessary: frozenset[Need]
    sieves: Mapping[str, tuple[str, ...]] = field(hash=False, compare=False)
    names: tuple[str, ...]
    tree: exp.Query = field(hash=False, compare=False, repr=False)

    def fill(
        self,
        params: Mapping[str, ParamValue],
        accounts: tuple[str, ...] | None,
        rows: int,
        source_of: Callable[[str], Source],
        masks: Mapping[str, Mapping[str, str]] | None = None,
    ) -> str:
        """SQL for one run that returns at most `rows` rows. Raises QueryRefused.

        `masks` gives, by table and column, what stands in the column's place.
        """
        self.require(params)
        filled = []
        for index, piece in enumerate(self.pieces):
            if index % 2 == 0:
                filled.append(piece)
            elif piece == "scope":
                filled.append(", ".join(map(literal, accounts or ())) or "NULL")
            elif piece == "limit":
                filled.append(str(self.row_limit(params, rows)))
            elif piece.startswith("cols_"):
                table = piece.removeprefix("cols_")
                filled.append(_columns(source_of(table).columns, (masks or {}).get(table, {})))
            elif piece.startswith("from_"):
                source = source_of(piece.removeprefix("from_"))
                filled.append(source.bounded or f'"{source.relation}"')
            else:
                filled.append(literal(params[piece.removeprefix("p_")]))
        return "".join(filled)

    def require(self, params: Mapping[str, ParamValue]) -> None:
        """Raises QueryRefused unless every parameter of the query has a value."""
        missing = sorted(self.params - params.keys())
        if missing:
            given = ", ".join(f"${name}" for name in sorted(params)) or "none"
            raise QueryRefused(
                f"The query uses ${missing[0]}, but no such parameter was given.",
                param=missing[0],
                hint=f"Given: {given}.",
            )

    def row_limit(self, params: Mapping[str, ParamValue], rows: int) -> int:
        """The query's own limit, but at most `rows`. Raises QueryRefused."""
        own = params[self.limit] if isinstance(self.limit, str) else self.limit
        if own is None:
            return rows
        if not isinstance(own, int) or isinstance(own, bool) or own < 0:
            raise QueryRefused("LIMIT must be a whole number.", hint="Write LIMIT 100.")
        return min(own, rows)


def _columns(names: tuple[str, ...], masked: Mapping[str, str]) -> str:
    return ", ".join(
        f'{masked[name]} AS "{name}"' if name in masked else f'"{name}"' for name in names
    )


def literal(value: ParamValue) -> str:
    """`value` as a typed SQL literal. Raises QueryRefused for what has none."""
    match value:
        case None:
            return "NULL"
        case bool():
            return "TRUE" if value else "FALSE"
        case int():
            return f"({value})" if value < 0 else str(value)
        case float():
            return f"CAST('{value!r}' AS DOUBLE)"
        case datetime():
            return f"CAST('{as_naive_utc(value).isoformat(sep=' ')}' AS TIMESTAMP)"
        case date():
            return f"CAST('{value.isoformat()}' AS DATE)"
        case str() if "\0" not in value:
            return "'" + value.replace("'", "''") + "'"
    raise QueryRefused(
        f"A parameter of type {type(value).__name__} cannot be used in a query.",
        param="params",
        hint="Give text without NUL characters, a number, a date or a time.",
    )


def fill_slots(text: str, params: Mapping[str, ParamValue]) -> str:
    """An expression whose only slots are parameters, with their values. Raises KeyError."""
    pieces = split_slots(text)
    values = [literal(params[slot.removeprefix("p_")]) for slot in pieces[1::2]]
    return "".join(a + b for a, b in zip(pieces[::2], [*values, ""], strict=True))


def split_slots(text: str) -> tuple[str, ...]:
    """SQL and slot names in turn, beginning and ending with SQL."""
    pieces: list[str] = []
    end = 0
    for slot in _SLOT.finditer(text):
        pieces += [text[end : slot.start()], slot[1] or slot[2]]
        end = slot.end()
    return (*pieces, text[end:])
