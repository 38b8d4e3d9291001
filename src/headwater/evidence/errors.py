"""What can go wrong when evidence is read. Every error says what to do next."""

from headwater.kit.errors import HeadwaterError


class StoreNotFound(HeadwaterError):
    """There is no evidence store at the given location."""

    code = "store_not_found"
    http_status = 404


class ContractBroken(HeadwaterError):
    """The contract file contradicts itself; a defect of the installation."""

    code = "contract_broken"
    http_status = 500


class QueryRefused(HeadwaterError):
    """The guard did not let the query through. Nothing was read."""

    code = "query_refused"


class QueryFailed(HeadwaterError):
    """The engine could not run a query that the guard had let through."""

    code = "query_failed"
    http_status = 422


class QueryTimeout(HeadwaterError):
    """The query was stopped at its deadline."""

    code = "query_timeout"
    http_status = 504


class QueryLimit(QueryFailed):
    """The query needed more memory, time or room for its rows than it may use."""

    code = "query_limit"


class QueryCancelled(QueryFailed):
    """Whoever asked stopped the query."""

    code = "query_cancelled"
    http_status = 409


class LakeDamaged(HeadwaterError):
    """The lake's own records cannot be read; nothing is guessed."""

    code = "lake_damaged"
    http_status = 500


class WriteRefused(HeadwaterError):
    """Rows that the lake cannot take. Nothing was changed."""

    code = "write_refused"


class SnapshotMissing(HeadwaterError):
    """No such snapshot is kept, or no longer."""

    code = "snapshot_missing"
    http_status = 404


class SnapshotDamaged(HeadwaterError):
    """A kept file is not what its name says; it must not be shown as evidence."""

    code = "snapshot_damaged"
    http_status = 500


class RunMissing(HeadwaterError):
    """No read of that name is on record."""

    code = "run_missing"
    http_status = 404


class ImportRefused(HeadwaterError):
    """A source or its mapping that cannot be imported. Nothing was stored."""

    code = "import_refused"
