"""Compiled kernels: the integers and sums of the eager engine, kept on disk, used only where they pay."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
from test_montecarlo import (
    TRUE,
    covariance_matrix,
    exponential_log,
    gamma_mean,
    gan_value,
    gaussian_kl,
    linear_vae,
    score_estimator,
    stein,
    vector_kl,
    worlds,
)

from numerics.montecarlo import fused, kernel_cache, tracing
from numerics.montecarlo.engine import Engine
from numerics.montecarlo.errors import CannotLower, InvalidLaw
from numerics.montecarlo.fused import Fused, Kernel
from numerics.montecarlo.integrands import combine
from numerics.montecarlo.lanes import LANES, Counters, Lane
from numerics.montecarlo.philox import Source, key_schedule, make_key
from numerics.montecarlo.structure import structures
from numerics.montecarlo.tracing import CannotFuse, trace
from proofs import terms as t
from proofs.terms import divide, expectation, function, law, mul, normal, number, power, sub, symbol

X, Z = symbol("x"), symbol("z")
KEY = make_key(0, "fused")
HAS_COMPILER = fused.compiler() is not None
needs_compiler = pytest.mark.skipif(not HAS_COMPILER, reason="no C++ compiler on this machine")


def structure(pairs):
    return structures([(i, combine(sub(*p))) for i, p in enumerate(pairs)])[0]


def uncompiled(s, precision="float64", rows=8, counters=64):
    """The graph of the kernel, run operation by operation."""
    traced = trace(s, precision, rows=rows, counters=counters)
    return Fused(s, traced, Kernel("", traced.kernel, kernel_cache.Record(1, 1, 1)), "cpu")


def eager_sums(s, rows, start, count, shift):
    h = s.evaluate(s.draw(rows, KEY, start, count, "cpu"), len(rows), count) - shift[:, None, :]
    return h.sum(1), (h * h).sum(1)


def hierarchy(n):
    inner = expectation("x", normal(Z, number(2)), mul(X, Z))
    return expectation("z", normal(n.real(), n.positive()), inner), number(1)


def bernoulli_entropy(n):
    p = divide(n.positive(), number(4))
    return t.term("entropy", (law("bernoulli", p),)), number(0)


def choice(n):
    weights = t.matrix(3, 1, [number("1/2"), number("1/4"), number("1/4")])
    return expectation("x", law("categorical", weights), mul(n.real(), power(X, t.TWO))), number(0)


def random_determinant(n):
    x = symbol("x", t.vector_sort(2))
    outer = t.add(t.identity(2), mul(x, t.transpose(x)))
    return expectation("x", normal(t.zeros(2), t.identity(2)), t.det(outer)), n.real()


def laplace_size(n):
    return expectation("x", law("laplace", n.real(), n.positive()), function("abs", X)), number(0)


FUSED = {
    "KL of normals": gaussian_kl(),
    "KL of normal vectors": vector_kl(+1),
    "value of the GAN game": gan_value(4),
    "ELBO of a linear VAE": linear_vae(False),
    "tower rule": TRUE["tower rule"],
    "covariance of a normal vector": covariance_matrix,
    "score-function estimator": score_estimator(t.ONE),
    "Stein's identity": stein(lambda v: v),
    "E log of an exponential": exponential_log(+1),
    "integral of a square": TRUE["integral of a square"],
    "a mean drawn from a law": hierarchy,
    "entropy of a Bernoulli law": bernoulli_entropy,
    "a categorical law": choice,
    "a Laplace law": laplace_size,
}


@pytest.mark.parametrize("name", FUSED)
def test_the_sums_are_those_of_the_eager_engine(name):
    """Same samples, other order of the same operations: 1e-12 of the size of the sums' summands."""
    s = structure(worlds(FUSED[name], 3))
    rows, kernel = list(range(len(s.indices))), uncompiled(s)
    shift = torch.full((len(rows), s.entries), 0.25, dtype=torch.float64)
    start, blocks = 128, 5
    count = blocks * kernel.samples
    got = kernel.sums(rows, KEY, start, blocks, shift)
    expected = eager_sums(s, rows, start, count, shift)
    scale = torch.sqrt(expected[1] * count)  # Cauchy and Schwarz: the sum of |h - shift| at most
    assert ((got[0] - expected[0]).abs() <= 1e-12 * scale).all()
    assert ((got[1] - expected[1]).abs() <= 1e-12 * expected[1]).all()


@pytest.mark.parametrize("lane", range(LANES["float64"]))
def test_the_integers_uniforms_and_normals_are_those_of_a_source(lane):
    start, count, numbers = 10, 40, torch.tensor([[3], [7]])
    index = torch.arange(start // 2, (start + count) // 2).unsqueeze(0)
    counters = Counters(torch.tensor(key_schedule(KEY)), numbers, index, "float64")
    here, there = Lane(counters, lane, 5), Source(KEY, numbers, start, count, stream=5)
    for k in range(4):
        assert torch.equal(counters.words(5, 9, lane)[k], there.words(9)[k][:, lane::2])
    for mine, theirs in zip(here.uniforms(9), there.uniforms(9)):
        assert torch.equal(mine, theirs[:, lane::2])
    # the polynomials of a kernel, the library's functions there: within the errors that `draw_errors` grants both
    assert torch.allclose(here.normals(9), there.normals(9)[:, lane::2], rtol=2.0**-46, atol=9 * 2.0**-47)
    for written_out in (False, True):
        here = Lane(Counters(counters.key, numbers, index, "float64", written_out), lane, 5)
        vectors = there.vector_normals(3)[:, lane::2]
        assert torch.allclose(here.vector_normals(3), vectors, rtol=2.0**-46, atol=9 * 2.0**-47)


def test_float32_draws_share_no_counter_with_float64():
    index = torch.arange(16).unsqueeze(0)
    key, world = torch.tensor(key_schedule(KEY)), torch.tensor([[0]])
    wide, narrow = (Counters(key, world, index, p) for p in ("float64", "float32"))
    assert not (wide.words(0, 0)[0] == narrow.words(0, 0)[0]).any()
    uniforms = torch.cat([Lane(narrow, lane, 0).uniforms()[0] for lane in range(4)])
    assert len(uniforms.unique()) == 64
    assert float(uniforms.float().min()) > 0 and float(uniforms.float().max()) < 1


def test_a_float32_uniform_is_never_0_or_1():
    from numerics.montecarlo.lanes import uniform_float32

    ends = uniform_float32(torch.tensor([0, 0xFFFFFFFF])).float()
    assert 0 < float(ends[0]) < float(ends[1]) < 1


@pytest.mark.parametrize("precision", LANES)
def test_the_split_of_the_range_and_of_the_worlds_does_not_matter(precision):
    s = structure(worlds(gan_value(4), 3))
    kernel, shift = uncompiled(s, precision), torch.zeros(3, 1, dtype=torch.float64)
    whole = kernel.sums([0, 1, 2], KEY, 0, 6, shift)
    size = kernel.samples
    parts = [kernel.sums([0, 1, 2], KEY, a * size, b, shift) for a, b in ((0, 1), (1, 4), (5, 1))]
    for k in range(2):
        assert torch.allclose(sum(p[k] for p in parts), whole[k], rtol=1e-12, atol=1e-12)
        one = torch.cat([kernel.sums([r], KEY, 0, 6, shift[:1])[k] for r in range(3)])
        assert torch.allclose(one, whole[k], rtol=1e-12, atol=1e-12)


def test_float32_estimates_the_same_mean():
    """The mean of 2^16 float32 samples lies within six standard errors of that of as many float64 samples."""
    s = structure(worlds(gaussian_kl(), 2))
    means, errors = [], []
    for precision in LANES:
        kernel = uncompiled(s, precision, rows=8, counters=2048)
        n = kernel.samples * (1 << 16) // kernel.samples
        total, square = kernel.sums([0, 1], KEY, 0, n // kernel.samples, torch.zeros(2, 1, dtype=torch.float64))
        means.append(total / n)
        errors.append(torch.sqrt((square / n - (total / n) ** 2) / n))
    assert ((means[0] - means[1]).abs() < 6 * torch.hypot(errors[0], errors[1])).all()


def test_more_worlds_than_rows():
    s = structure(worlds(gaussian_kl(), 11))
    kernel, shift = uncompiled(s), torch.zeros(11, 1, dtype=torch.float64)
    got = kernel.sums(list(range(11)), KEY, 0, 2, shift)
    expected = eager_sums(s, list(range(11)), 0, 2 * kernel.samples, shift)
    assert torch.allclose(got[0], expected[0], rtol=1e-11)


def widest(traced):
    """The most entries that one counter has in any tensor of the kernel, constants and parameters apart."""
    found = 1
    for node in traced.kernel.graph.nodes:
        value = node.meta.get("val")
        if isinstance(value, torch.Tensor) and value.shape[:2] == (traced.rows, traced.counters):
            found = max(found, value[0, 0].numel())
    return found


@pytest.mark.parametrize("precision", LANES)
def test_small_matrices_are_written_out_entry_by_entry(precision):
    for name in ("KL of normal vectors", "covariance of a normal vector"):
        traced = trace(structure(worlds(FUSED[name], 2)), precision)
        assert widest(traced) == 1 and traced.counters == tracing.COUNTERS


def test_long_vectors_stay_vectors_and_few_are_kept_at_a_time():
    d = 40
    y, law_ = symbol("x", t.vector_sort(d)), normal(t.zeros(d), t.identity(d))
    s = structure([(expectation("x", law_, mul(t.transpose(y), y)), number(d))])
    traced = trace(s, "float64")
    assert widest(traced) == d and traced.counters == tracing.WIDE_COUNTERS
    shift = torch.zeros(1, 1, dtype=torch.float64)
    kernel = uncompiled(s)
    got, expected = kernel.sums([0], KEY, 0, 2, shift), eager_sums(s, [0], 0, 2 * kernel.samples, shift)
    assert torch.allclose(got[0], expected[0], rtol=1e-12) and torch.allclose(got[1], expected[1], rtol=1e-12)


def test_the_parameters_are_inputs_of_the_kernel():
    """Two claims of one structure with other numbers have the same kernel; another structure has another."""
    first, second = (structure(worlds(gaussian_kl(), 4, seed=seed)) for seed in (1, 2))
    codes = [trace(s, "float64", rows=8, counters=64).kernel.code for s in (first, second)]
    assert codes[0] == codes[1]
    assert codes[0] != trace(structure(worlds(gan_value(4), 4)), "float64", rows=8, counters=64).kernel.code


# -------------------------------------------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    "make, reason",
    [
        (gamma_mean(divide), "law gamma"),
        (TRUE["variance of a Poisson law"], "law poisson"),
        (random_determinant, "det"),
    ],
)  # fmt: skip
def test_what_cannot_be_compiled_is_refused_by_name(make, reason):
    with pytest.raises(CannotFuse, match=reason):
        trace(structure(worlds(make, 2)), "float64", rows=8, counters=64)


def test_a_parameter_out_of_range_is_refused_and_one_drawn_out_of_range_spoils_the_sums():
    def bad(k):
        return expectation("x", normal(t.ZERO, number(k)), X), number(0)

    s = structure([bad(1), bad(-1)])
    with pytest.raises(InvalidLaw):
        uncompiled(s).sums([0, 1], KEY, 0, 1, torch.zeros(2, 1, dtype=torch.float64))
    drawn = expectation("z", normal(t.ZERO, t.ONE), expectation("x", law("exponential", Z), X))
    try:
        s = structure([(drawn, number(0))])
        total, _ = uncompiled(s).sums([0], KEY, 0, 1, torch.zeros(1, 1, dtype=torch.float64))
    except CannotLower:
        return
    assert not torch.isfinite(total).any()


def test_an_odd_start_is_refused():
    s = structure(worlds(gaussian_kl(), 2))
    with pytest.raises(ValueError, match="multiple of 2"):
        uncompiled(s).sums([0, 1], KEY, 7, 1, torch.zeros(2, 1, dtype=torch.float64))


def test_without_a_compiler_nothing_is_compiled(monkeypatch):
    monkeypatch.setenv("CXX", "no-such-compiler")
    with pytest.raises(CannotFuse, match="no C\\+\\+ compiler"):
        fused.fuse(structure(worlds(gaussian_kl(), 2)))


def test_short_runs_are_not_compiled(tmp_path, monkeypatch):
    monkeypatch.setattr(kernel_cache, "directory", lambda: tmp_path)
    s = structure(worlds(gaussian_kl(), 2))
    assert fused.fuse(s, seconds=60, eager_seconds=0.5) is None
    cheap, dear = kernel_cache.Record(5, 0.5, 1e9), kernel_cache.Record(60, 40, 1e9)
    assert fused.pays(cheap, False, seconds=10, eager_seconds=5)
    assert not fused.pays(cheap, False, seconds=0.4, eager_seconds=5)
    assert not fused.pays(dear, False, seconds=100, eager_seconds=30)
    assert not fused.pays(None, False, seconds=100, eager_seconds=10)
    assert fused.pays(None, False, seconds=100, eager_seconds=90)


# -------------------------------------------------------------------------------------------------- on disk


def test_a_directory_that_others_may_write_is_not_used(tmp_path, monkeypatch):
    monkeypatch.setenv("LEMMATA_CACHE", str(tmp_path))
    kernel_cache.directory.cache_clear()
    try:
        mine = kernel_cache.directory()
        assert mine == tmp_path / "lemmata" / "kernels" and mine.stat().st_mode & 0o777 == 0o700
        mine.chmod(0o777)
        kernel_cache.directory.cache_clear()
        assert kernel_cache.directory() != mine
        mine.chmod(0o700)
        link = tmp_path / "link"
        link.symlink_to(mine)
        assert kernel_cache.safe(mine) and not kernel_cache.safe(link)
    finally:
        kernel_cache.directory.cache_clear()


def test_a_record_that_cannot_be_read_is_none(tmp_path, monkeypatch):
    monkeypatch.setattr(kernel_cache, "directory", lambda: tmp_path)
    kernel_cache.write("k", kernel_cache.Record(1.5, 0.5, 2.0))
    assert kernel_cache.read("k") == kernel_cache.Record(1.5, 0.5, 2.0)
    (tmp_path / "k.json").write_text('{"cold": ')
    assert kernel_cache.read("k") is None and kernel_cache.read("other") is None


COMPILED = """
import json, sys, torch
sys.path[:0] = json.loads(sys.argv[1])
from test_montecarlo import gaussian_kl, worlds
from test_montecarlo_fused import KEY, eager_sums, structure
from numerics.montecarlo.fused import fuse
from torch._dynamo.utils import counters
s = structure(worlds(gaussian_kl(), 4))
kernel = fuse(s)
shift = torch.zeros(4, 1, dtype=torch.float64)
got = kernel.sums(range(4), KEY, 4, 3, shift)
expected = eager_sums(s, range(4), 4, 3 * kernel.samples, shift)
print(json.dumps({
    "total": float(((got[0] - expected[0]) / torch.sqrt(expected[1] * 3 * kernel.samples)).abs().max()),
    "square": float(((got[1] - expected[1]) / expected[1]).abs().max()),
    "hits": counters["inductor"]["fxgraph_cache_hit"] + counters["aot_autograd"]["autograd_cache_hit"],
    "buffers": counters["inductor"].get("extern_calls", 0),
}))
"""


class Uncompiled:
    """An engine's way to a kernel, without the compiler."""

    def __init__(self, *refused):
        self.refused, self.asked = refused, []

    def __call__(self, s, precision="float64", device="cpu", **more):
        self.asked.append(precision)
        if precision in self.refused:
            raise CannotFuse("no kernel today")
        return uncompiled(s, precision, rows=16, counters=256)


def run_engine(monkeypatch, precision, *refused, counts=(4096, 20_000, 5000, 20_000)):
    maker = Uncompiled(*refused)
    monkeypatch.setattr(fused, "fuse", maker)
    engine = Engine(structure(worlds(gan_value(4), 3)), KEY, "cpu", precision)
    shift, done, totals = torch.zeros(3, 1, dtype=torch.float64), 0, 0.0
    for count in counts:
        n, t_, _ = engine.advance([0, 1, 2], shift, count, 10**9, time.monotonic() + 60)
        done, totals = done + n, totals + t_
    return engine, done, totals, maker


def test_an_engine_with_a_kernel_draws_the_samples_of_one_without(monkeypatch):
    compiled = run_engine(monkeypatch, "float64")
    eager = run_engine(monkeypatch, "float64", "float64")
    assert compiled[0].compiled and not eager[0].compiled and eager[0].note == "no kernel today"
    assert compiled[1] == eager[1] == 49_096
    assert torch.allclose(compiled[2], eager[2], rtol=1e-12, atol=0)
    assert eager[3].asked == ["float64"], "it is not asked again"


def test_an_engine_in_float32_begins_in_float64_and_falls_back_to_it(monkeypatch):
    narrow = run_engine(monkeypatch, "float32")
    assert narrow[0].wide == 4096 and narrow[0].narrow == narrow[1] - 4096 > 0
    fallen = run_engine(monkeypatch, "float32", "float32")
    assert fallen[0].precision == "float64" and fallen[0].narrow == 0 and fallen[1] == 49_096


def test_float32_overflow_is_left_to_float64(monkeypatch):
    monkeypatch.setattr(fused, "fuse", Uncompiled())
    huge = expectation("x", normal(t.ZERO, number(10**44)), power(X, t.TWO))
    engine = Engine(structure([(huge, t.ZERO)]), KEY, "cpu", "float32")
    drawn = 0
    for _ in range(3):
        n, _, squares = engine.advance([0], torch.zeros(1, 1, dtype=torch.float64), 4096, 10**9, time.monotonic() + 60)
        drawn += n
        assert torch.isfinite(squares).all()
    assert engine.precision == "float64" and drawn == engine.wide == 2 * 4096


@needs_compiler
def test_the_compiled_kernel_agrees_and_is_found_on_disk_by_the_next_process(tmp_path):
    environment = {**os.environ, "LEMMATA_CACHE": str(tmp_path)}
    environment.pop("TORCHINDUCTOR_CACHE_DIR", None)
    paths = json.dumps([str(Path(__file__).parent)])
    runs = []
    for _ in range(2):
        found = subprocess.run(
            [sys.executable, "-c", COMPILED, paths], env=environment, capture_output=True, text=True, check=False,
            cwd=Path(__file__).parents[2],
        )  # fmt: skip
        assert found.returncode == 0, found.stderr[-2000:]
        runs.append(json.loads(found.stdout.splitlines()[-1]))
    for run in runs:
        assert run["total"] < 1e-12 and run["square"] < 1e-12
    assert runs[0]["hits"] == 0 and runs[1]["hits"] > 0
    kernels = tmp_path / "lemmata" / "kernels"
    assert list(kernels.glob("*.json"))
    (code,) = (p.read_text() for p in kernels.rglob("*.main.cpp"))
    assert code.count("for(int64_t") == 2, "worlds, counters: one loop from the draws to both sums"
    assert "make_unique" not in code, "nothing is kept in arrays between two loops"
    assert "at::vec::VectorizedN<int64_t" in code or "AVX" not in torch.backends.cpu.get_cpu_capability()


# ------------------------------------------------------------------------------------------- diagonal matrices


def test_diagonal_matrices_give_what_full_ones_give():
    """diag(v) written as a diagonal and entry by entry: inverse, determinant, products, trace, transpose."""
    from numerics.montecarlo.lowering import lower

    v = t.matrix(3, 1, [number(x) for x in ("1/2", 2, 3)])
    a = t.matrix(3, 3, [number(x) for x in range(9)])
    x = t.matrix(3, 1, [number(x) for x in (1, -2, 5)])
    entries = [(t.HALF, t.TWO, number(3))[i] if i == j else t.ZERO for i in range(3) for j in range(3)]
    full = t.matrix(3, 3, entries)

    def results(d):
        inverse = t.inverse(d)
        return [
            inverse, mul(d, x), mul(t.transpose(x), d), mul(t.transpose(x), inverse, x), mul(a, d), mul(d, a),
            mul(d, d, x), mul(number(3), d), t.add(d, a), t.hadamard(d, a), t.trace(d), t.det(d), t.transpose(d),
            mul(number(2), t.identity(3), x), t.add(t.identity(3), d), power(d, t.TWO),
        ]  # fmt: skip

    for one, other in zip(results(t.diag(v)), results(full)):
        got, expected = (lower([z], {}).run({})[0] for z in (one, other))
        assert torch.allclose(*torch.broadcast_tensors(got, expected), rtol=1e-14, atol=0), one.op


def test_a_law_with_a_diagonal_covariance_is_that_law():
    v = t.matrix(2, 1, [number("1/4"), number(9)])
    y = symbol("x", t.vector_sort(2))
    full = t.matrix(2, 2, [number("1/4"), number(0), number(0), number(9)])
    square = mul(t.transpose(y), y)
    sums = []
    for covariance in (t.diag(v), full):
        s = structure([(expectation("x", normal(t.zeros(2), covariance), square), t.ZERO)])
        sums.append(eager_sums(s, [0], 0, 1000, torch.zeros(1, 1, dtype=torch.float64))[0])
    assert torch.allclose(*sums, rtol=1e-13)
    negative = normal(t.zeros(2), t.diag(t.matrix(2, 1, [number(1), number(-1)])))
    with pytest.raises(InvalidLaw):
        structure([(expectation("x", negative, square), t.ZERO)]).draw([0], KEY, 0, 4, "cpu")
