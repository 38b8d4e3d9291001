"""The contract as a page for people, written from the data so that the two cannot disagree."""

from collections.abc import Iterator

from headwater.evidence.contract import Contract, Table

_HEAD = """\
# The evidence contract

Written by `headwater evidence contract`; edit `src/headwater/evidence/contract.toml` instead.

Times are UTC without zone. Amounts are integers in the currency's minor unit. JSON travels as text.
Every column but the key may be missing: what needs it is then switched off and says so. A table
whose column names the account may lack that column where it can be derived through another table.

- **personal**: masked for everyone who has not been given the right to see personal data.
- **internal**: for the platform's own people; masked in the portal, never cited in an answer.
- **secret**: opens something to whoever holds it; no person reads it here.
- **kept**: after so many days `headwater evidence retain` proposes to drop the row.
"""


def contract_page(contract: Contract) -> str:
    """The whole contract in Markdown: an index, then one table of columns per table."""
    rows = "\n".join(map(_index_row, contract.tables.values()))
    index = (
        f"| table | one row per | time | kept | columns |\n| --- | --- | --- | --- | --- |\n{rows}"
    )
    return "\n".join([_HEAD, index, *map(_section, contract.tables.values()), ""])


def _index_row(table: Table) -> str:
    kept = f"{table.keep_days} days" if table.keep_days else ""
    grain = table.grain.removeprefix("one row per ")
    link = f"[`{table.name}`](#{table.name})"
    return f"| {link} | {grain} | {table.time or ''} | {kept} | {len(table.columns)} |"


def _section(table: Table) -> str:
    lines = [f"\n## {table.name}", f"{table.grain[0].upper()}{table.grain[1:]}.", ""]
    lines += ["| column | type | |", "| --- | --- | --- |"]
    for name, kind in table.columns.items():
        lines.append(f"| `{name}` | {kind} | {'; '.join(_notes(table, name))} |")
    return "\n".join(lines)


def _notes(table: Table, column: str) -> Iterator[str]:
    if column in table.key:
        yield "key"
    if column == table.account:
        derived = table.derived_from()
        yield f"account, else through `{derived[0]}`" if derived else "account"
    if column == table.time:
        yield "time" if table.window else "time; rows stay true long after"
    if column in table.references:
        yield f"→ `{table.references[column]}`"
    marks = {"personal": table.personal, "internal": table.internal, "secret": table.secret}
    yield from (f"**{mark}**" for mark, columns in marks.items() if column in columns)
