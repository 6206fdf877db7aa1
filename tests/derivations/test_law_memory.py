"""A bare expectation goes on with the law that its chain has named: of the variable, of its entries."""

from __future__ import annotations

import pytest
from small_documents import HOLDS, OPEN, displayed, verdicts

from derivations.reading.meaning.law_memory import LawMemory
from derivations.reading.readings import Choices
from proofs import terms as T

GIVEN = r"Let $z, \mu\in\mathbb{R}^d$."
MEAN = r"\mathbb{E}_{\mathcal{N}(z;\mu,I)}"
BEGIN = MEAN + r"\left[\|z\|^2\right] &= " + MEAN + r"\Big[\sum_{j=1}^d z_j^2\Big] \\"


def chain(*rows: str) -> str:
    body = " \\\\\n".join(f"&= {row}" for row in rows)
    return displayed(GIVEN, f"\\begin{{aligned}}\n{BEGIN}\n{body}\n\\end{{aligned}}")


ENTRIES = r"\sum_{j=1}^d \mathbb{E}[z_j^2]"


@pytest.mark.parametrize(
    "end",
    [
        r"\sum_{j=1}^d \left(\mathrm{Var}[z_j] + \mathbb{E}[z_j]^2\right)",
        r"\sum_{j=1}^d \left(1 + \mu_j^2\right)",
        r"d + \mu^\top\mu",
    ],
)
def test_an_entry_has_the_law_of_its_vector(end):
    assert set(verdicts(chain(ENTRIES, end))) <= HOLDS


@pytest.mark.parametrize(
    "end",
    [
        r"\sum_{j=1}^d \left(2 + \mu_j^2\right)",
        r"d - \mu^\top\mu",
    ],
)
def test_a_slip_about_the_entries_is_refuted(end):
    *others, last = verdicts(chain(ENTRIES, end))
    assert set(others) <= HOLDS and last == "refuted"


def test_a_difference_for_the_sum_of_squares_is_not_accepted():
    end = r"\sum_{j=1}^d \left(\mathrm{Var}[z_j] - \mathbb{E}[z_j]^2\right)"
    assert verdicts(chain(ENTRIES, end))[-1] not in HOLDS


@pytest.mark.parametrize("law", ["", r"\quad\text{where } w\sim\mathcal{N}(0,I)"])
def test_an_entry_of_what_has_no_law_is_not_read(law):
    formula = r"\sum_{j=1}^d \mathbb{E}[z_j^2] = \sum_{j=1}^d \mathbb{E}[z_j]^2 + d" + law
    assert verdicts(displayed(GIVEN, formula))[0] in OPEN


LEFT, RIGHT = T.normal(T.ZERO, T.ONE), T.normal(T.ONE, T.ONE)


def bind(memory: LawMemory, reading: dict[str, str], **laws: T.Term) -> None:
    """One reading of a relation that binds variables."""
    choices = Choices(reading)
    for notation in reading:
        choices.choose(notation, ("a", "b"))
    memory.keep(choices, {**memory.recall(choices), **laws})


def test_each_reading_remembers_its_own_laws():
    memory = LawMemory()
    memory.next_relation()
    bind(memory, {"N": "a"}, z=LEFT)
    bind(memory, {"N": "b"}, z=RIGHT)
    memory.next_relation()
    assert memory.recall(Choices({"N": "a"})) == memory.recall(Choices()) == {"z": LEFT}
    assert memory.recall(Choices({"N": "b"})) == {"z": RIGHT}


def test_a_relation_without_the_choice_passes_all_of_them_on():
    memory = LawMemory()
    bind(memory, {"N": "a"}, z=LEFT)
    bind(memory, {"N": "b"}, z=RIGHT)
    memory.next_relation()
    bind(memory, {}, w=LEFT)
    memory.next_relation()
    assert memory.recall(Choices({"N": "b"})) == {"z": RIGHT, "w": LEFT}


def test_nothing_of_one_reading_is_seen_in_another_of_the_same_relation():
    memory = LawMemory()
    memory.next_relation()
    bind(memory, {"N": "a"}, z=LEFT)
    assert memory.recall(Choices({"N": "b"})) == {}
