"""A platform's own request logs and tables, brought into the lake from files."""

from headwater.evidence.importing.importer import Report, import_file
from headwater.evidence.importing.mapping import Mapping, read_mapping

__all__ = ["Mapping", "Report", "import_file", "read_mapping"]
