"""The files of a world: small, whatever the vocabulary that a column was made from."""

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from headwater.sandbox.columns import coded
from headwater.sandbox.lake import write_dimension


def test_a_row_group_keeps_only_the_names_that_it_uses(tmp_path: Path) -> None:
    names = [f"acct_{number:020}" for number in range(50_000)]
    codes = np.repeat(np.arange(40), 1_000)
    write_dimension(tmp_path, "charges", {"account_id": coded(codes, names)})
    file = pq.ParquetFile(tmp_path / "charges.parquet")
    place = file.schema_arrow.get_field_index("account_id")
    for group in range(file.metadata.num_row_groups):
        column = file.metadata.row_group(group).column(place)
        assert column.total_uncompressed_size < 10_000
    assert file.read(["account_id"])["account_id"].to_pylist()[-1] == names[39]
