"""An engine draws the same samples with a kernel and without, and leaves to float64 what float32 cannot hold."""

import torch
from sampled_kernels import KEY, structure, uncompiled
from sampled_relations import (
    X,
    gan_value,
    worlds,
)

from numerics.montecarlo import fused
from numerics.montecarlo.engine import Engine
from numerics.montecarlo.tracing import CannotFuse
from proofs import clock
from proofs import terms as t
from proofs.terms import expectation, normal, number, power

torch.set_num_threads(1)


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
        n, t_, _ = engine.advance([0, 1, 2], shift, count, 10**9, clock.now() + 60)
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
        n, _, squares = engine.advance([0], torch.zeros(1, 1, dtype=torch.float64), 4096, 10**9, clock.now() + 60)
        drawn += n
        assert torch.isfinite(squares).all()
    assert engine.precision == "float64" and drawn == engine.wide == 2 * 4096
