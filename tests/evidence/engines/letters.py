"""Every letter that there is, to see whether an engine changes its case as DuckDB does."""

from pathlib import Path

import duckdb
import pytest

from headwater.evidence.contract import ENGINE_TYPES, load_contract
from headwater.evidence.engines.conformance.targets import loaded, reference
from headwater.evidence.errors import QueryFailed

# Up to the last script that has capitals.
_LAST = 0x1F000


def _write(folder: Path, letters: list[str]) -> None:
    columns = ", ".join(
        f'CAST({"letter" if name == "id" else "NULL"} AS {ENGINE_TYPES[kind]}) AS "{name}"'
        for name, kind in load_contract().tables["customers"].columns.items()
    )
    with duckdb.connect() as engine:
        engine.execute(
            f"COPY (SELECT {columns} FROM (SELECT unnest($letters) AS letter) AS t) "
            f"TO '{folder / 'customers.parquet'}' (FORMAT parquet)",
            {"letters": letters},
        )


def check_letters(address: str, folder: Path, unsettled: str) -> None:
    """Every letter as DuckDB has it, but `unsettled` ones, which fail loudly: some are tried."""
    every = (chr(n) for n in range(1, _LAST) if not 0xD800 <= n < 0xE000)
    for place, letters in (("all", [c for c in every if c not in unsettled]), ("risky", unsettled)):
        (folder / place).mkdir(mode=0o755, parents=True)
        _write(folder / place, list(letters))
    sql = "SELECT id, upper(id) AS u, lower(id) AS l FROM customers"
    world = folder / "all"
    with reference(world) as duck, loaded(address, world, None) as engine:
        want = duck.query(sql, {}, None, 200_000, 60.0)["rows"]
        got = {row[0]: row for row in engine.query(sql, {}, None, 200_000, 60.0)["rows"]}
        assert len(want) == len(got) and len(got) > 100_000
        assert [row for row in want if got[row[0]] != row] == []
    if unsettled:
        with loaded(address, folder / "risky", None) as engine:
            for letter in (*unsettled[:3], *unsettled[-2:]):
                with pytest.raises(QueryFailed):
                    engine.query(f"{sql} WHERE id = '{letter}'", {}, None, 10, 60.0)
