"""Options that several commands share."""

import click

LOCATION = click.option(
    "--evidence",
    "location",
    envvar="HEADWATER_EVIDENCE",
    required=True,
    metavar="DIR_OR_URL",
    help="Folder of Parquet files by the contract, or an engine's URL. [env: HEADWATER_EVIDENCE]",
)

VIEWS = click.option(
    "--views",
    envvar="HEADWATER_EVIDENCE_VIEWS",
    metavar="DIR",
    help="SQL views that map your own names to the contract; default evidence/views in the "
    "current folder. [env: HEADWATER_EVIDENCE_VIEWS]",
)
