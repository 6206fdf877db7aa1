"""Keyed draws: the published integers, uniforms that a logarithm may see, and independence of the split."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from numerics.montecarlo.philox import Source, make_key, philox4x32, uniform32, uniform52

# kat_vectors of Random123 (Salmon et al. 2011): rounds, counter, key, expected
PUBLISHED = [
    (10, "00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    (10, "ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    (10, "243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
    (7, "00000000 00000000 00000000 00000000", "00000000 00000000", "5f6fb709 0d893f64 4f121f81 4f730a48"),
    (7, "ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "5207ddc2 45165e59 4d8ee751 8c52f662"),
    (7, "243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "4dfccaba 190a87f0 c47362ba b6b5242a"),
]


def words(text):
    return [int(w, 16) for w in text.split()]


def reference(counter, key, rounds):
    """Philox4x32 in Python integers, from the paper's definition."""
    c, k = list(counter), list(key)
    for _ in range(rounds):
        p0, p1 = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(p1 >> 32) ^ c[1] ^ k[0], p1 & 0xFFFFFFFF, (p0 >> 32) ^ c[3] ^ k[1], p0 & 0xFFFFFFFF]
        k = [(k[0] + 0x9E3779B9) & 0xFFFFFFFF, (k[1] + 0xBB67AE85) & 0xFFFFFFFF]
    return c


@pytest.mark.parametrize("rounds, counter, key, expected", PUBLISHED)
def test_gives_the_published_vectors(rounds, counter, key, expected):
    got = philox4x32(tuple(torch.tensor([c]) for c in words(counter)), tuple(words(key)), rounds)
    assert [int(w) for w in got] == words(expected)


word = st.integers(0, 2**32 - 1)


@settings(max_examples=60, deadline=None)
@given(st.tuples(word, word, word, word), st.tuples(word, word), st.integers(1, 12))
def test_agrees_with_integer_arithmetic(counter, key, rounds):
    got = philox4x32(tuple(torch.tensor([c]) for c in counter), key, rounds)
    assert [int(w) for w in got] == reference(counter, key, rounds)


def source(start, count, **more):
    return Source(make_key(3, "a claim"), torch.tensor([[0], [5]]), start, count, **more)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**40), st.lists(st.integers(1, 40), min_size=1, max_size=6))
def test_integers_and_uniforms_do_not_depend_on_the_split(start, pieces):
    total = sum(pieces)
    all_words, all_uniforms = source(start, total).words(), source(start, total).uniforms()
    begin, parts = start, []
    for count in pieces:
        parts.append((source(begin, count).words(), source(begin, count).uniforms()))
        begin += count
    for i in range(4):
        assert torch.equal(torch.cat([w[i] for w, _ in parts], 1), all_words[i])
    for i in range(2):
        assert torch.equal(torch.cat([u[i] for _, u in parts], 1), all_uniforms[i])


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**33), st.integers(1, 60), st.integers(1, 60))
def test_normals_do_not_depend_on_the_split(start, first, second):
    whole = source(start, first + second).normals()
    parts = torch.cat([source(start, first).normals(), source(start + first, second).normals()], 1)
    assert torch.allclose(parts, whole, rtol=1e-14, atol=0)


def test_streams_parts_worlds_seeds_and_claims_differ():
    base = source(0, 64).words()[0]
    assert not torch.equal(base[0], base[1])
    for other in (source(0, 64, stream=1).words()[0], source(0, 64).words(1)[0], source(64, 64).words()[0]):
        assert (other != base).float().mean() > 0.9
    assert len({make_key(s, c) for s in range(20) for c in ("x", "y", 0)}) == 60


def test_uniforms_are_exact_midpoints_and_never_0_or_1():
    top, zero = torch.tensor([0xFFFFFFFF]), torch.tensor([0])
    assert float(uniform32(zero)) == 2.0**-33
    assert float(uniform32(top)) == 1 - 2.0**-33
    assert float(uniform52(zero, zero)) == 2.0**-53
    assert float(uniform52(top, top)) == 1 - 2.0**-53 < 1.0
    assert float(uniform52(zero, torch.tensor([1 << 12]))) == 3 * 2.0**-53


def test_a_part_too_large_for_its_field_is_refused():
    with pytest.raises(ValueError, match="below 2\\^16"):
        source(0, 1).words(1 << 16)
