"""Options that several commands share."""

import click

LOCATION = click.option(
    "--evidence",
    "location",
    envvar="HEADWATER_EVIDENCE",
    required=True,
    metavar="DIR",
    help="Folder of Parquet files by the contract. [env: HEADWATER_EVIDENCE]",
)
