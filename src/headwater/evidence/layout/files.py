"""One Parquet file of the lake: how its rows are sorted and cut. Decision 0009 has the figures."""

from collections.abc import Mapping

from headwater.evidence.contract import Table

# A scan of one account reads whole groups, so small groups make one account cheap; a scan of
# everybody pays a little for each group.
ROW_GROUP = 16_384
COMPRESSION = "zstd"
COMPRESSION_LEVEL = 1


def by_day(table: Table) -> bool:
    """Whether the table is cut into days. What stays true for years is kept in one file."""
    return table.time is not None and table.window


def sort_order(table: Table) -> tuple[str, ...]:
    """The columns that a file's rows are sorted by: account, time, key."""
    wanted = [table.account, table.time, *table.key]
    return tuple(dict.fromkeys(name for name in wanted if name is not None))


def copy_options() -> Mapping[str, str | int]:
    """Options of the engine's COPY ... TO for a file of the lake.

    Without a larger dictionary limit no id gets a Bloom filter, which is meant.
    """
    return {
        "FORMAT": "parquet",
        "COMPRESSION": COMPRESSION,
        "COMPRESSION_LEVEL": COMPRESSION_LEVEL,
        "ROW_GROUP_SIZE": ROW_GROUP,
    }
