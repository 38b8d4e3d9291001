"""From compact numpy rows to Arrow columns: ids, dictionaries, times."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from headwater.sandbox.randomness import Array, mix

Frame = dict[str, Array]

_LETTERS = np.frombuffer(
    b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyzQz", dtype=np.uint8
)
# The order is the code that frames carry; code 0 stands for "no object".
KINDS = (
    "",
    "pi",
    "ch",
    "cus",
    "evt",
    "req",
    "we",
    "txn",
    "re",
    "po",
    "pm",
    "dp",
    "seti",
    "acct",
    "ba",
    "key",
    "wda",
    "sub",
    "in",
    "price",
    "cs",
)
KIND = {name: code for code, name in enumerate(KINDS)}
_BODY = {"acct": 16, "cus": 14, "req": 14, "sub": 16}
_BODY_DEFAULT = 24


def _bodies(handles: Array, length: int) -> Array:
    """`length` letters per handle as a matrix of bytes."""
    words = [mix(handles ^ np.uint64(0x5EED + part)) for part in range((length + 7) // 8)]
    raw = np.stack(words, axis=1).view(np.uint8)[:, :length]
    letters: Array = _LETTERS[raw & 63]
    return letters


def _strings(matrix: Array, present: Array) -> Any:
    """A text column whose present rows are the rows of `matrix`, in order."""
    offsets = np.zeros(len(present) + 1, dtype=np.int32)
    np.cumsum(present, out=offsets[1:])
    offsets *= np.int32(matrix.shape[1])
    validity = None if present.all() else pa.py_buffer(np.packbits(present, bitorder="little"))
    buffers = [validity, pa.py_buffer(offsets), pa.py_buffer(matrix.reshape(-1))]
    return pa.Array.from_buffers(pa.string(), len(present), buffers)


def ids(kind: str, handles: Array) -> Any:
    """Ids such as `ch_…` for handles of one kind; handle 0 is null."""
    present = handles != 0
    named = handles[present]
    prefix = f"{kind}_".encode()
    length = _BODY.get(kind, _BODY_DEFAULT)
    matrix = np.empty((len(named), len(prefix) + length), dtype=np.uint8)
    matrix[:, : len(prefix)] = np.frombuffer(prefix, dtype=np.uint8)
    matrix[:, len(prefix) :] = _bodies(named, length)
    return _strings(matrix, present)


def mixed_ids(kinds: Array, handles: Array) -> Any:
    """Ids whose prefix differs from row to row."""
    texts: list[Any] = []
    places: list[Array] = []
    for code in np.unique(kinds):
        rows = np.flatnonzero(kinds == code)
        places.append(rows)
        made = pa.nulls(len(rows), pa.string()) if code == 0 else ids(KINDS[code], handles[rows])
        texts.append(made)
    if not texts:
        return pa.nulls(0, pa.string())
    order = np.empty(len(kinds), dtype=np.int64)
    order[np.concatenate(places)] = np.arange(len(kinds))
    return pa.concat_arrays(texts).take(pa.array(order))


def id_text(kind: str, handle: int | Array) -> str:
    """One id as text."""
    return str(ids(kind, np.array([handle], dtype=np.uint64))[0].as_py())


def hexes(handles: Array, length: int = 32) -> Any:
    """Lower-case hex digests; handle 0 is null."""
    digits = np.frombuffer(b"0123456789abcdef", dtype=np.uint8)
    present = handles != 0
    named = handles[present]
    words = [mix(named ^ np.uint64(0xD16E + part)) for part in range((length + 7) // 8)]
    matrix = digits[np.stack(words, axis=1).view(np.uint8)[:, :length] & 15]
    return _strings(matrix, present)


def coded(codes: Array, values: Sequence[str | None]) -> Any:
    """A dictionary column; a negative code or a None value is null."""
    # Equal values share one entry: a dictionary that repeats itself is written in any order.
    entries = list(dict.fromkeys(value for value in values if value is not None))
    place = {value: i for i, value in enumerate(entries)}
    remap = np.array([-1 if v is None else place[v] for v in values] + [-1], dtype=np.int32)
    mapped = remap[np.where(codes < 0, len(values), codes)]
    keys = pa.array(mapped, mask=mapped < 0)
    return pa.DictionaryArray.from_arrays(keys, pa.array(entries, pa.string()))


def moments(us: Array) -> Any:
    """Timestamps without zone; 0 or less is null."""
    return pa.array(us.astype(np.int64), pa.int64(), mask=us <= 0).cast(pa.timestamp("us"))


def numbers(values: Array, absent: Array | None = None) -> Any:
    """Plain numbers or booleans; rows marked absent are null."""
    return pa.array(values, mask=absent)


class Texts:
    """Sparse free texts of a frame: rows carry an index, -1 for none."""

    def __init__(self) -> None:
        self.values: list[str] = []
        self._index: dict[str, int] = {}

    def add(self, text: str) -> int:
        """The index of `text`, new or known."""
        if text not in self._index:
            self._index[text] = len(self.values)
            self.values.append(text)
        return self._index[text]


def join(frames: Sequence[Frame]) -> Frame:
    """Frames of the same columns under each other."""
    return {name: np.concatenate([f[name] for f in frames]) for name in frames[0]}


def rows(frame: Frame, index: Array) -> Frame:
    """The chosen rows of a frame."""
    return {name: column[index] for name, column in frame.items()}


def size(frame: Frame) -> int:
    """How many rows a frame has."""
    return len(next(iter(frame.values())))
