"""A world in which a relation fails, as plain data that a person or a program can evaluate again.

``describe`` writes a witness; ``numerics.reevaluation`` computes both sides from its values alone.  They are tagged:

- ``{"number": "1/2"}``, ``{"vector": ["1", "2"]}``, ``{"matrix": [["2", "0"], ["0", "1"]]}``: a symbol;
- ``{"table": {"space": "x", "lengths": ["1", "2"]}}``: the cells into which a space is cut (``values`` where the cells
  are numbers, lengths 1 where the space is discrete); ``{"table": {"space": "x", "cell": 2}}``: a symbol in cell 2;
- ``{"table": {"density of": ["x", "z"], "at": {"1,1": "1/6", ...}}}``: a joint step density, constant on each cell;
- ``{"table": {"function": "D", "at": {"x 1": "1/2"}}}``: a function on cells; its values may be cells (``"x 2"``);
- ``{"function": {"arguments": ["u"], "formula": "u**2 + 1", "latex": ...}}``: an unknown function made concrete;
- ``{"law": {"variables": ["x", "z"], "components": [{"weight", "mean", "root"}]}}``: a joint normal law (or a mixture)
  of the stacked variables, each component with covariance root * root^T; entries may be formulas of the parameters.

Beside a formula stands ``term``, the same in prefix form: [operator, payload, sort, arguments...].
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from flint import fmpq

from numerics.evaluate import Cell
from numerics.exact import ONE, Undefined, ball, precision, rational
from numerics.laws import Law
from numerics.matrices import Mat, collapse
from numerics.plain_data import plain_entry, plain_formula, tagged
from numerics.trial import Trial
from numerics.worlds import shapes
from numerics.worlds.families import JointNormal
from numerics.worlds.finite import FiniteWorld
from numerics.worlds.shapes import Problem
from numerics.worlds.tables import borrowed
from proofs import terms as T
from proofs.records import Witness


def shown(value: Any, bits: int = 1100) -> str:
    """A value as 20 decimals inside its ball, or as an exact fraction where that is short."""
    if isinstance(value, Undefined):
        return "undefined"
    if isinstance(value, str):
        return value
    if isinstance(value, Cell):
        return f"{value.space} {value.index + 1}" if value.value is None else str(value.value)
    if isinstance(value, Law):
        return _law_in_words(value)
    if isinstance(value, Mat):
        if value.cols == 1:
            return "[" + ", ".join(shown(x) for x in value.entries()) + "]"
        return "[" + ", ".join("[" + ", ".join(shown(x) for x in row) + "]" for row in value.data) + "]"
    if isinstance(value, fmpq) and len(str(value)) <= 20:
        return str(value)
    with precision(bits):
        digits = str(ball(value).str(20, radius=False))
        return "0" if digits.startswith("0e") else digits  # a ball around zero, far narrower than what is shown


def _law_in_words(law: Law) -> str:
    from numerics.compare import as_normal

    normal = as_normal(law)
    if normal is None:
        return "another law"
    mean = collapse(Mat([[x] for x in normal.mean]))
    return f"a normal law with mean {shown(mean)} and covariance {shown(collapse(normal.covariance))}"


def describe(problem: Problem, world: Any, trial: Trial) -> Witness:
    """The world as a witness: only what the relation speaks of."""
    used: set[str] = set()
    for t in problem.sides():
        used |= set(T.free_symbols(t))
    used |= set(problem.domains)
    values: dict[str, Any] = {}
    for name in sorted(used):
        value = world.values.get(name)
        if isinstance(value, Cell):
            values[name] = {"table": {"space": value.space, "cell": value.index + 1}}
        elif value is not None:
            values[name] = tagged(value)
    for name in sorted(world.dims):
        if any(name in (s.rows, s.cols) for t in problem.sides() for s in shapes.sorts_in(t)) or name in used:
            values[name] = {"number": str(world.dims[name])}
    note = "Put these values into both sides."
    if isinstance(world, FiniteWorld):
        values.update(_finite_parts(world))
        if any("table" in v for v in values.values()):
            note = (
                "Each space is cut into cells of the lengths given; densities and functions are constant on a cell, "
                "so an integral is the sum over the cells of length times value."
            )
            if not all(x == ONE for m in world.measure.values() for x in m):
                note += " The lengths differ because a density is not a probability."
    else:
        for name, f in world.formulas.items():
            values[name] = {"function": plain_formula(f)}
        for letter, joint in world.joints.items():
            values[_apart(letter, values)] = {"law": _joint(letter, joint)}
    if isinstance(trial.lhs, str):
        note += " The sides are averages over samples; the difference is excluded at 1e-9."
    if problem.relation.rel == "propto":
        note += " The quotient of the two sides changes when " + ", ".join(problem.relation.proportional_in) + " moves."
    return Witness(values, shown(trial.lhs), shown(trial.rhs), note)


def _apart(name: str, values: Mapping[str, Any]) -> str:
    return name if name not in values else f"density {name}"


def _finite_parts(world: FiniteWorld) -> dict[str, Any]:
    values: dict[str, Any] = {}
    spaces = {s for names, _, _ in world.tables.values() for s in names}
    spaces |= {s for _, cells in [*world.formulas, *world.maps] for s, _ in cells}
    spaces |= {v.space for v in world.values.values() if isinstance(v, Cell)}
    spaces |= {world.problem.hypotheses.functions[n].result_space or "" for n, _ in world.maps}
    for space in sorted(spaces & world.cells.keys()):
        table: dict[str, Any] = {"space": space, "lengths": [str(m) for m in world.measure[space]]}
        if world.cells[space][0].value is not None:
            table["values"] = [str(c.value) for c in world.cells[space]]
        values[f"cells of {space}"] = {"table": table}
    for letter, (names, parameters, table_) in world.tables.items():
        at = {",".join(str(i + 1) for i in key): plain_formula(f) for key, f in table_.items()}
        if all(isinstance(v, str) for v in at.values()):
            at = _normalised(world, names, _borrowing(world, letter, names, at))
        data = {"letter": letter, "density of": list(names), "parameters": list(parameters), "at": at}
        values[f"{letter}({', '.join(names)})"] = {"table": data}
    for (name, cells), f in world.formulas.items():
        if not cells:
            values[name] = {"function": plain_formula(f)}
        else:
            data = values.setdefault(name, {"table": {"function": name, "at": {}}})
            data["table"]["at"][_cells_text(cells)] = plain_formula(f)
    for (name, cells), index in world.maps.items():
        target = world.problem.hypotheses.functions[name].result_space
        data = values.setdefault(name, {"table": {"function": name, "at": {}}})
        data["table"]["at"][_cells_text(cells)] = {"cell": f"{target} {index + 1}"}
    return values


def _borrowing(world: FiniteWorld, letter: Any, names: tuple[str, ...], at: dict[str, Any]) -> dict[str, Any]:
    """The weights with the laws of other letters in them, where q(x, z) is q(z|x) p(x)."""
    family = world.problem.hypotheses.families.get(letter)
    for space, law in borrowed(family).items() if family is not None else ():
        source = world.tables[law.data[0]]
        if space not in names or any(not isinstance(plain_formula(f), str) for f in source[2].values()):
            continue
        k = names.index(space)
        total = _weights_of(world, names, space, {key: Fraction(v) for key, v in _by_cells(at).items()})
        wanted = _weights_of(world, source[0], space, {key: Fraction(plain_formula(f)) for key, f in source[2].items()})
        weights = {key: Fraction(v) * wanted[key[k]] / total[key[k]] for key, v in _by_cells(at).items()}
        at = {",".join(str(i + 1) for i in key): str(v) for key, v in weights.items()}
    return at


def _by_cells(at: Mapping[str, Any]) -> dict[tuple[int, ...], Any]:
    return {tuple(int(i) - 1 for i in k.split(",")): v for k, v in at.items()}


def _weights_of(
    world: FiniteWorld, names: tuple[str, ...], space: str, weights: Mapping[tuple[int, ...], Fraction]
) -> dict[int, Fraction]:
    """The weights of the cells of one space, the others summed over."""
    k, found = names.index(space), dict[int, Fraction]()
    others = names[:k] + names[k + 1 :]
    for key, weight in weights.items():
        volume = world.volume(others, key[:k] + key[k + 1 :])
        found[key[k]] = found.get(key[k], Fraction(0)) + weight * Fraction(int(volume.p), int(volume.q))
    return found


def _normalised(world: FiniteWorld, names: tuple[str, ...], at: dict[str, Any]) -> dict[str, Any]:
    """Weights as densities: the sum of density times length over all cells is 1."""
    keys = {k: tuple(int(i) - 1 for i in k.split(",")) for k in at}
    total = sum((rational(Fraction(v)) * world.volume(names, keys[k]) for k, v in at.items()), fmpq(0))
    return {k: str(rational(Fraction(v)) / total) for k, v in at.items()}


def _cells_text(cells: tuple) -> str:
    return ", ".join(f"{s} {i + 1}" for s, i in cells)


def _joint(letter: str, joint: JointNormal) -> dict[str, Any]:
    components = [
        {
            "weight": str(c.weight),
            "mean": [plain_entry(m) for m in c.mean],
            "root": [[plain_entry(e) for e in row] for row in c.root],
        }
        for c in joint.components
    ]
    return {
        "letter": letter,
        "variables": list(joint.spaces),
        "sizes": list(joint.sizes),
        "parameters": list(joint.parameters),
        "components": components,
    }
