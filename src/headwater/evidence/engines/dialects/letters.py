"""Letters whose case engines change each in their own way; DuckDB's way is one letter for one."""

# Changed by Unicode 16 and 17, which some engines know already.
NEWEST = "".join(
    map(chr, [0x19B, 0x264, 0x1C89, 0x1C8A, *range(0xA7CB, 0xA7D0), *range(0xA7D2, 0xA7D6),
              0xA7DA, 0xA7DB, 0xA7DC, *range(0x10D50, 0x10D66), *range(0x10D70, 0x10D86),
              *range(0x16EA0, 0x16ED4)])
)  # fmt: skip
# Added by Unicode 14, which DuckDB knows and Java 17 does not.
NEWER = "".join(
    map(chr, [0x2C2F, 0x2C5F, 0xA7C0, 0xA7C1, 0xA7D0, 0xA7D1, *range(0xA7D6, 0xA7DA),
              *range(0x10570, 0x105BD)])
)  # fmt: skip
# Capitals of several letters by the full rules of Unicode, ß first among them.
SEVERAL = "".join(c for n in range(0x80, 0x1F000) if len((c := chr(n)).upper()) > 1)
# Small letters that depend on the language, or on where in a word they stand.
DEPENDING = "İΣ"
