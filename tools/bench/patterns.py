"""Timings of irregular patterns at national size (APO-25): look-up, memory, and loading of an index.

The records are made: hashes that differ as those of different people do, embeddings whose first coordinates
weigh more, as real ones' do, and one image that thousands have. A look-up is everything that a new record is
compared with: four exact hashes, six perceptual ones and the face.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Iterator
from functools import partial
from statistics import quantiles

import numpy as np
import pyrage
from pyrage import x25519

from capture.patterns.index import ProcessIndex
from capture.patterns.looking import SEGMENT
from capture.patterns.seen import DIMENSIONS, ROW, Rows, decode, encode
from capture.patterns.settings import PatternLimits
from tools.bench.tables import Row

LOOKUPS = 200
_CHUNK = 50_000
_MIB = 2**20
_EVERYTHING = 0b0111_1111_1111
"""Each print, each exact hash and the face; the place is not compared here."""
_GRAPH = 50_000
"""Vectors of the graph that is measured beside: more takes minutes."""


def rows(records: int, seed: int = 1) -> Iterator[Row]:
    """What, figure, remark."""
    draw = np.random.default_rng(seed)
    index, adding = ProcessIndex(), 0.0
    for start in range(0, records, _CHUNK):
        made = people(draw, min(_CHUNK, records - start))
        before = time.perf_counter()
        index.extend(made)
        adding += time.perf_counter() - before
    yield _size(index, records)
    yield f"add {records:,} records to the index", f"{adding:.1f} s", f"{records / adding:,.0f} a second"
    yield _loading(draw)
    asked = [people(draw, 1) for _ in range(LOOKUPS)]
    yield _lookups(f"look-up among {records:,}", index, asked)
    index.extend(np.repeat(asked[0], 96_000))
    yield _lookups("look-up of an image that 96,000 others have", index, [asked[0]] * 20)
    yield from _parts(index, asked)
    yield from _graph(draw)


def people(draw: np.random.Generator, count: int) -> Rows:
    """Records of as many different people."""
    made = np.zeros(count, ROW)
    made["folio"] = draw.integers(0, 256, (count, 16), np.uint8)
    made["clave"] = draw.integers(1, 2**63, count)
    made["has"] = _EVERYTHING
    made["prints"] = draw.integers(0, 256, made["prints"].shape, np.uint8)
    made["exact"] = draw.integers(0, 256, made["exact"].shape, np.uint8)
    made["face"] = as_bytes(faces(draw, count))
    return made


def faces(draw: np.random.Generator, count: int) -> np.ndarray:
    """Vectors, not of length 1."""
    weights = np.arange(1, DIMENSIONS + 1, dtype=np.float32) ** -0.25
    return np.asarray(draw.standard_normal((count, DIMENSIONS), np.float32) * weights)


def as_bytes(vectors: np.ndarray) -> np.ndarray:
    """As they rest."""
    return np.rint(vectors / np.abs(vectors).max(axis=1, keepdims=True) * 127).astype(np.int8)


def _size(index: ProcessIndex, records: int) -> Row:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    remark = f"{index.memory / records:.0f} bytes each; peak of the process {peak:.0f} MiB"
    return f"memory of an index of {records:,}", f"{index.memory / _MIB:.0f} MiB", remark


def _loading(draw: np.random.Generator) -> Row:
    identity = x25519.Identity.generate()
    sealed = pyrage.encrypt(encode(people(draw, SEGMENT)), [identity.to_public()])
    index, begun = ProcessIndex(), time.perf_counter()
    for _ in range(5):
        index.extend(decode(pyrage.decrypt(sealed, [identity]), "banco"))
    each = (time.perf_counter() - begun) / 5
    return (
        f"unseal and add a segment of {SEGMENT:,}",
        f"{each * 1000:.1f} ms",
        f"1.4 million in {each * 1_400_000 / SEGMENT:.0f} s",
    )


def _lookups(what: str, index: ProcessIndex, asked: list[Rows]) -> Row:
    return _timed(what, [partial(_matches, index, one) for one in asked])


def _matches(index: ProcessIndex, one: Rows) -> None:
    list(index.matches(one, PatternLimits()))


def _parts(index: ProcessIndex, asked: list[Rows]) -> Iterator[Row]:
    count = len(index)
    exact, face, near = 0b011_1100_0000, 0b100_0000_0000, 0b000_0000_0001
    for what, has in (("four exact hashes", exact), ("one hash of 256 bits", near), ("one face", face)):
        alone = [one.copy() for one in asked]
        for one in alone:
            one["has"] = has
        yield _timed(f"{what} among {count:,}", [partial(_matches, index, one) for one in alone])


def _timed(what: str, acts: list[Callable[[], object]]) -> Row:
    acts[0]()
    taken = []
    for act in acts:
        begun = time.perf_counter()
        act()
        taken.append((time.perf_counter() - begun) * 1000)
    cuts = quantiles(taken, n=100)
    return what, f"{cuts[49]:.1f} ms", f"p99 {cuts[98]:.1f} ms"


def _graph(draw: np.random.Generator) -> Iterator[Row]:
    """HNSW beside it: how many of the faces that are alike it finds."""
    try:
        from usearch.index import Index, MetricKind
    except ImportError:
        print("AVISO: sin usearch no se mide el grafo")
        return
    known = faces(draw, _GRAPH)
    known /= np.linalg.norm(known, axis=1, keepdims=True)
    graph = Index(ndim=DIMENSIONS, metric=MetricKind.Cos, dtype="i8", connectivity=16, expansion_search=256)
    begun = time.perf_counter()
    graph.add(np.arange(_GRAPH), known, threads=1)
    taken = time.perf_counter() - begun
    cosine = PatternLimits().face_cosine + 0.01
    aside = faces(draw, LOOKUPS)
    aside -= (aside * known[:LOOKUPS]).sum(axis=1, keepdims=True) * known[:LOOKUPS]
    aside /= np.linalg.norm(aside, axis=1, keepdims=True)
    asked = cosine * known[:LOOKUPS] + np.sqrt(1 - cosine**2) * aside
    hits = sum(place in graph.search(one, 16).keys for place, one in enumerate(asked))
    yield (
        f"usearch HNSW i8, {_GRAPH:,} faces, for comparison",
        f"{hits / LOOKUPS:.1%} found",
        f"{taken / _GRAPH * 1000:.2f} ms to add each; ours finds all but 1 in 4,000",
    )
