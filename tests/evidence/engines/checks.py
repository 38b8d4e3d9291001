"""What every engine has to show."""

from pathlib import Path

from headwater.evidence.engines.conformance import suite
from headwater.evidence.engines.conformance.targets import loaded, reference
from headwater.evidence.engines.seam import proven


def run_suite(address: str, world: Path, engine: str, *, loud: set[str]) -> dict[str, str]:
    """The verdict by case. Nothing differs, and only the cases in `loud` fail with an error.

    Whatever the engine's list calls proven is in a query that passed here.
    """
    with reference(world) as duckdb, loaded(address, world, None) as target:
        outcomes = list(suite.verify(target, duckdb))
    assert [each for each in outcomes if each.verdict == suite.DIFFERS] == []
    failed = {each.case: each.detail for each in outcomes if each.verdict == suite.FAILED}
    assert failed.keys() == loud, failed
    verdicts = {each.case: each.verdict for each in outcomes}
    passed = {case.sql for case in suite.cases() if verdicts[case.name] == suite.PASS}
    shown: set[str] = set().union(*(suite.constructs_of(sql) for sql in passed))
    assert proven(engine) == shown
    return verdicts
