"""Kernels: the integers and sums of the eager engine, whatever the split; what cannot be one is refused by name."""

import pytest
import torch
from sampled_kernels import FUSED, KEY, eager_sums, random_determinant, structure, uncompiled
from sampled_relations import (
    TRUE,
    X,
    Z,
    gamma_mean,
    gan_value,
    gaussian_kl,
    worlds,
)

from numerics.montecarlo import tracing
from numerics.montecarlo.errors import CannotLower, InvalidLaw
from numerics.montecarlo.lanes import LANES, Counters, Lane
from numerics.montecarlo.philox import Source, key_schedule
from numerics.montecarlo.tracing import CannotFuse, trace
from proofs import terms as t
from proofs.terms import divide, expectation, law, mul, normal, number, symbol

torch.set_num_threads(1)


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
