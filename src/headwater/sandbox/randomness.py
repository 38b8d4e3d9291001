"""Seeded randomness: named streams, and handles that name objects without any state.

An object is known by a 64-bit handle, a hash of what it is. Two generators that never meet
therefore agree on its id, which is what lets days be made apart from each other.
"""

import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_M1 = np.uint64(0xBF58476D1CE4E5B9)
_M2 = np.uint64(0x94D049BB133111EB)


def stream(seed: int, *name: str | int) -> np.random.Generator:
    """A generator that depends only on the seed and the name."""
    words = [zlib.crc32(str(part).encode()) for part in name]
    return np.random.default_rng([seed, *words])


def mix(values: Array) -> Array:
    """A bijective scramble of 64-bit integers (the splitmix64 finaliser)."""
    x = values.astype(np.uint64, copy=True)
    with np.errstate(over="ignore"):
        x += _GOLDEN
        x ^= x >> np.uint64(30)
        x *= _M1
        x ^= x >> np.uint64(27)
        x *= _M2
        x ^= x >> np.uint64(31)
    return x


def handles(seed: int, kind: str, counters: Array) -> Array:
    """One handle per counter, unique inside a kind; never 0, which means "no object"."""
    salt = mix(np.array([(seed << 32) ^ zlib.crc32(kind.encode())], dtype=np.uint64))[0]
    made = mix(counters.astype(np.uint64) ^ salt)
    made[made == 0] = salt | np.uint64(1)
    return made


def share(handle: Array, salt: int = 0) -> Array:
    """A stable uniform number in [0, 1) for each handle."""
    scrambled = mix(handle ^ np.uint64(0xA5A5_0000 + salt))
    return (scrambled >> np.uint64(11)).astype(np.float64) / float(1 << 53)


def pick(rng: np.random.Generator, weights: list[float] | Array, size: int) -> Array:
    """Indexes drawn by weight; faster than Generator.choice on long arrays."""
    cumulative = np.cumsum(np.asarray(weights, dtype=np.float64))
    drawn = np.searchsorted(cumulative, rng.random(size) * cumulative[-1], side="right")
    return np.asarray(drawn, dtype=np.int32)
