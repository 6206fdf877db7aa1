"""Worlds tell the true relations of the home ground from the false ones, and their witnesses can be computed again."""

import json

import pytest
from home_ground import RELATIONS

from numerics.check import ENOUGH
from numerics.check import test_in_worlds as examine
from numerics.reevaluation import reevaluate


@pytest.mark.parametrize("name", [n for n, (_, status) in RELATIONS.items() if status == "supported"])
def test_a_true_relation_is_supported(name):
    result = examine(RELATIONS[name][0], seconds=10)
    assert result.status == "supported", result.reason
    assert result.evidence.worlds >= ENOUGH
    assert result.evidence.digits is None or result.evidence.digits >= 100 or RELATIONS[name][0].rel in ("<=", ">=")


@pytest.mark.parametrize("name", [n for n, (_, status) in RELATIONS.items() if status == "refuted"])
def test_a_false_relation_is_refuted_and_its_witness_gives_the_same_numbers_again(name):
    relation = RELATIONS[name][0]
    result = examine(relation, seconds=10)
    assert result.status == "refuted", result.reason
    witness = result.witness
    assert witness is not None and witness.lhs != witness.rhs
    values = json.loads(json.dumps(dict(witness.values)))
    assert reevaluate(relation, values) == (witness.lhs, witness.rhs)
