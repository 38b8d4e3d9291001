"""What a Spark session of ours can do at all, whatever text reaches it: read our views.

Stands beneath the guard. Spark has no role that may only read: its SQL can call Java, run programs,
read any file of the cluster, and change the session. So functions that look at anything but their
arguments are taken out of the session, and Spark's own parser and analyser have to see one query
over the lake's files, made of nothing but relational steps, before it runs.
"""

from collections.abc import Iterator
from typing import Any

from headwater.evidence.errors import QueryRefused

# Spark's own groups of functions; in the others are those that call Java, read schemas from files,
# tell of the session, or fetch.
_GROUPS = frozenset(
    f"{group}_funcs"
    for group in "agg array bitwise collection conditional conversion datetime generator hash json "
    "lambda map math predicate string struct variant window".split()
)
# Of the others: what our own dialect writes where a value cannot be answered exactly.
_ALSO = frozenset(["raise_error"])
_ROOTS = frozenset(
    "Aggregate Distinct Except Filter GlobalLimit Intersect LocalLimit Offset Project Sort Union "
    "UnresolvedHaving UnresolvedWith WithWindowDefinition".split()
)
_STEPS = frozenset(
    "Aggregate AsOfJoin CTERelationDef CTERelationRef Deduplicate Distinct Except Expand Filter "
    "Generate GlobalLimit Intersect Join LateralJoin LocalLimit LocalRelation LogicalRelation "
    "Offset OneRowRelation Project Sort SubqueryAlias Union View Window WithCTE".split()
)
_FILES = "LogicalRelation"


def take_functions_out(session: Any) -> int:
    """Removes from a session every function that is on no list of ours; how many are left."""
    state = session._jsparkSession.sessionState()
    tables, scalars = state.tableFunctionRegistry(), state.functionRegistry()
    for each in list(_sequence(tables.listFunction())):
        if "explode" not in each.funcName():
            tables.dropFunction(each)
    left = 0
    for each in list(_sequence(scalars.listFunction())):
        found = scalars.lookupFunction(each)
        group = found.get().getGroup() if found.isDefined() else ""
        if group in _GROUPS or each.funcName() in _ALSO:
            left += 1
        else:
            scalars.dropFunction(each)
    return left


def refuse_beyond_views(session: Any, sql: str, root: str) -> None:
    """Raises QueryRefused unless `sql` is one query over Parquet files below the folder `root`.

    Nothing of it has run then. What Spark's parser or analyser says is raised as it is.
    """
    state = session._jsparkSession.sessionState()
    parsed = state.sqlParser().parsePlan(sql)
    _check_root(parsed)
    skip = session._jvm.org.apache.spark.sql.execution.CommandExecutionMode.SKIP()
    analysed = state.executePlan(parsed, skip).analyzed()
    for plan in (analysed, *_sequence(analysed.subqueriesAll())):
        for step in _steps(plan):
            kind = _kind(step)
            if kind not in _STEPS:
                raise _refusal(kind)
            if kind == _FILES:
                _check_files(step, root)


def _check_root(parsed: Any) -> None:
    """Before it is analysed, since some statements run while they are."""
    kind = _kind(parsed)
    if kind not in _ROOTS:
        raise _refusal(kind)
    if kind == "UnresolvedWith":
        _check_root(parsed.child())


def _check_files(step: Any, root: str) -> None:
    relation = step.relation()
    if relation.getClass().getSimpleName() != "HadoopFsRelation":
        raise _refusal(relation.getClass().getSimpleName())
    for path in relation.location().rootPaths().mkString("\n").split("\n"):
        if not path.removeprefix("file:").startswith(f"{root}/") or "/../" in path:
            raise _refusal("a file outside the lake")


def _steps(plan: Any) -> Iterator[Any]:
    yield plan
    for child in _sequence(plan.children()):
        yield from _steps(child)


def _sequence(found: Any) -> Iterator[Any]:
    return (found.apply(place) for place in range(found.size()))


def _kind(step: Any) -> str:
    return str(step.getClass().getSimpleName()).removesuffix("$")


def _refusal(what: str) -> QueryRefused:
    return QueryRefused(
        f"Spark would do more than read the contract's tables: {what}.",
        param="sql",
        hint="Use the contract's tables by their bare names, in one SELECT.",
    )
