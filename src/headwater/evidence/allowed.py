"""What a query may be made of. Whatever is not listed here is refused.

The lists name syntax tree classes of the pinned parser, so an upgrade that adds a construct
cannot let it through unseen.
"""

from collections.abc import Mapping

# Clauses, operators and literals.
SYNTAX = frozenset(
    """
    Select Subquery Union Except Intersect With CTE From Join Where Group Having Order Ordered
    Limit Offset Qualify Window WindowSpec Distinct Rollup Cube GroupingSets Lateral Unnest Values
    Tuple Table TableAlias Column Identifier Star Alias Aliases Literal RawString Boolean Null
    Placeholder Var DataType DataTypeParam Interval Paren Bracket Slice Array Struct PropertyEQ
    Lambda Filter WithinGroup IgnoreNulls RespectNulls Add Sub Mul Div IntDiv Mod Neg BitwiseAnd
    BitwiseOr BitwiseXor BitwiseNot BitwiseLeftShift BitwiseRightShift DPipe EQ NEQ GT GTE LT LTE
    NullSafeEQ NullSafeNEQ Is Not And Or Between In Like ILike SimilarTo Glob Escape Collate Any
    All Exists Case If Cast TryCast AtTimeZone JSONPath JSONPathRoot JSONPathKey JSONPathSubscript
    JSONPathWildcard JSONKeyValue
    """.split()
)

# Pure functions that the parser knows by class.
FUNCTIONS = frozenset(
    """
    Abs Acos AnyValue ApproxDistinct ApproxQuantile ArgMax ArgMin ArrayAgg ArrayAppend ArrayConcat
    ArrayContains ArrayContainsAll ArrayDistinct ArrayFilter ArrayIntersect ArrayMax ArrayMin
    ArrayOverlaps ArrayPosition ArrayPrepend ArrayReverse ArraySize ArraySlice ArraySort
    ArrayToString Ascii Asin Atan Atan2 Avg BitLength BitwiseAndAgg BitwiseOrAgg BitwiseXorAgg
    Cbrt Ceil Chr Coalesce Concat ConcatWs Contains Corr Cos Count CountIf CovarPop CovarSamp
    CumeDist CurrentDate CurrentTimestamp DateAdd DateBin DateDiff DateFromParts Day DayOfMonth
    DayOfWeek DayOfWeekIso DayOfYear Dayname Degrees DenseRank EndsWith Exp Explode Extract
    Factorial First FirstValue Flatten Floor FromBase64 GenerateSeries Greatest GroupConcat
    Grouping Hex Hour IsInf IsNan JSONArray JSONExtract JSONExtractScalar JSONKeys JSONObject
    JSONType JarowinklerSimilarity Kurtosis Lag Last LastDay LastValue Lead Least Left Length
    Levenshtein Ln Log LogicalAnd LogicalOr Lower MD5 Map MapFromEntries MapKeys Max Median Min
    Minute Mode Month Monthname NthValue Ntile Nullif Overlay Pad ParseJSON PercentRank
    PercentileCont PercentileDisc Pi Pow Quantile Quarter Radians Rank RegexpExtract
    RegexpExtractAll RegexpFullMatch RegexpLike RegexpReplace RegexpSplit RegrAvgx RegrAvgy
    RegrCount RegrIntercept RegrR2 RegrSlope Repeat Replace Reverse Right Round RowNumber SHA SHA2
    Second Sign Sin Skewness Split SplitPart Sqrt StartsWith Stddev StddevPop StddevSamp
    StrPosition StrToTime StructExtract Substring Sum Tan TimeFromParts TimeToStr TimeToUnix
    TimestampFromParts TimestampTrunc ToBase64 ToDays Transform Translate Trim Trunc Typeof
    Unicode UnixToTime Upper Variance VariancePop Week WeekOfYear Year
    """.split()
)

# Pure functions that the parser passes through by name.
NAMED_FUNCTIONS = frozenset(
    """
    age arbitrary arg_max_null arg_min_null array_aggregate array_extract array_has_any
    array_indexof array_reduce array_sort array_to_json array_transform array_unique array_zip
    bit_count cardinality century count_star damerau_levenshtein date_part date_sub datepart
    datesub days_in_month decade element_at entropy epoch_ns epoch_us even favg fdiv fmod
    format_bytes fsum gcd generate_subscripts geomean hamming hash histogram isfinite isoyear
    jaccard jaro_similarity json_array_length json_contains json_exists json_group_array
    json_group_object json_valid json_value julian lcm list_aggregate list_any_value list_avg
    list_cat list_count list_element list_extract list_first list_has_all list_indexof
    list_intersect list_last list_median list_position list_reduce list_reverse list_reverse_sort
    list_slice list_sort list_string_agg list_sum list_unique list_zip mad make_timestamp_ms
    map_contains map_entries map_extract map_values mean microsecond millisecond nfc_normalize now
    ord prefix product regexp_escape regexp_split_to_array round_even row row_to_json sem
    strip_accents strlen struct_keys suffix timezone to_centuries to_hours to_json to_microseconds
    to_milliseconds to_minutes to_months to_quarters to_seconds to_weeks to_years try_strptime
    url_decode url_encode weekday weighted_avg yearweek
    """.split()
)

NODES = SYNTAX | FUNCTIONS | {"Anonymous"}

# Types a value may be cast to.
TYPES = frozenset(
    """
    BOOLEAN TINYINT UTINYINT SMALLINT USMALLINT INT UINT BIGINT UBIGINT INT128 UINT128 FLOAT
    DOUBLE DECIMAL TEXT VARCHAR CHAR NCHAR NVARCHAR DATE TIME TIMESTAMP TIMESTAMP_S TIMESTAMP_MS
    TIMESTAMP_NS TIMESTAMPTZ TIMESTAMPNTZ DATETIME INTERVAL JSON UUID ARRAY LIST
    """.split()
)

# Names that a CTE must not take, because outside its reach they would mean the engine's catalogue.
RESERVED_PREFIXES = ("duckdb_", "pg_", "sqlite_", "pragma_", "information_schema", "hw_")

# By the beginning of a refused construct's name, what to write in its place.
_NO_FILES = "Only tables of the contract can be read; `headwater import` brings files in."
_NO_SETTINGS = "Settings and catalogues are closed; `headwater evidence check` lists the tables."
_INSTEAD: Mapping[str, str] = {
    "read": _NO_FILES,
    "file": _NO_FILES,
    "url": _NO_FILES,
    "glob": _NO_FILES,
    "parquet": _NO_FILES,
    "sniff": _NO_FILES,
    "pg_": _NO_SETTINGS,
    "duckdb_": _NO_SETTINGS,
    "current_setting": _NO_SETTINGS,
    "getenv": _NO_SETTINGS,
    "getvariable": "Give values as parameters, written $name.",
    "pivot": "Write sum(CASE WHEN ... THEN ... END) for each column, with GROUP BY.",
    "tablesample": "Narrow the time window, or use LIMIT.",
    "columns": "Name the columns, or use *.",
    "insert": "Evidence is read-only.",
    "update": "Evidence is read-only.",
    "delete": "Evidence is read-only.",
    "comprehension": "Use list_transform or list_filter.",
}


def instead(what: str) -> str:
    """What to write in place of a construct or function that is not allowed."""
    for beginning, hint in _INSTEAD.items():
        if what.lower().startswith(beginning):
            return hint
    return "Write it with SELECT, JOIN, WHERE, GROUP BY and common functions that only compute."
