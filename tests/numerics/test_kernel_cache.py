"""Kernels are compiled only where that pays, into one loop, and kept on disk where no one else can write."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from sampled_kernels import (
    structure,
)
from sampled_relations import (
    gaussian_kl,
    worlds,
)

from numerics.montecarlo import fused, kernel_cache
from numerics.montecarlo.tracing import CannotFuse

torch.set_num_threads(1)


HAS_COMPILER = fused.compiler() is not None
needs_compiler = pytest.mark.skipif(not HAS_COMPILER, reason="no C++ compiler on this machine")


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
from sampled_relations import gaussian_kl, worlds
from sampled_kernels import KEY, eager_sums, structure
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
