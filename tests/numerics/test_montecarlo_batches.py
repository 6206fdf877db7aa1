"""A check in pieces: plain data, the same totals whatever the split, the order and the place."""

import pickle
import random
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sampled_relations import covariance_matrix, gan_value, gaussian_kl, worlds

from numerics.decision import Sums
from numerics.montecarlo.batches import Batch, draw, merge, run
from numerics.montecarlo.engine import BLOCK
from numerics.montecarlo.integrands import combine
from numerics.montecarlo.philox import make_key
from proofs.terms import sub

KEY = make_key(0, "batches")


def batch(make, count=3 * BLOCK + 500, start=100):
    return Batch(tuple((i, combine(sub(*p))) for i, p in enumerate(worlds(make, 3))), KEY, start, count, 0.125)


WHOLE = {"scalar": batch(gan_value(4)), "matrix": batch(covariance_matrix)}
EXPECTED = {name: draw(b) for name, b in WHOLE.items()}


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("parts", [1, 2, 3, 7])
def test_any_number_of_parts_in_any_order_gives_the_same_rationals(name, parts):
    pieces = WHOLE[name].split(parts)
    assert sum(p.count for p in pieces) == WHOLE[name].count and len(pieces) <= parts
    random.Random(parts).shuffle(pieces)
    assert run(pieces) == EXPECTED[name]


def test_a_batch_is_plain_data():
    b = WHOLE["scalar"]
    assert pickle.loads(pickle.dumps(b)) == b


def test_threads_and_processes_give_the_same():
    pieces = WHOLE["scalar"].split(4)
    with ThreadPoolExecutor(2) as threads:
        assert run(pieces, threads) == EXPECTED["scalar"]


def test_two_processes_give_the_same():
    import multiprocessing

    pieces = WHOLE["scalar"].split(2)
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as processes:
        assert run(pieces, processes) == EXPECTED["scalar"]


def test_two_dask_workers_give_the_same():
    distributed = pytest.importorskip("distributed", reason="the extra 'distributed' is not installed")
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        assert run(WHOLE["scalar"].split(4), client.get_executor()) == EXPECTED["scalar"]


sums = st.builds(
    Sums.of, st.integers(1, 10**6), st.floats(-1e12, 1e12), st.floats(0, 1e20)
)  # what any batch may leave behind


@settings(max_examples=50, deadline=None)
@given(st.lists(sums, min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_merging_is_exact_in_any_order_and_grouping(parts, rng):
    place = (0, 0)
    direct = merge({place: p} for p in parts)
    shuffled = rng.sample(parts, len(parts))
    cut = rng.randint(0, len(parts))
    grouped = merge([merge({place: p} for p in shuffled[:cut]), merge({place: p} for p in shuffled[cut:])])
    assert grouped == direct


@pytest.mark.parametrize("start, count", [(-1, 10), (0, 0)])
def test_an_empty_or_negative_range_is_refused(start, count):
    with pytest.raises(ValueError, match="no range"):
        batch(gaussian_kl(), count, start)
    with pytest.raises(ValueError, match="1 or more"):
        WHOLE["scalar"].split(0)
