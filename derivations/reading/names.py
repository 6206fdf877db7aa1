"""Which symbol a written name is: base letter, label, indices, parameters and what is left as a power.

``\\mu_1`` is the symbol mu_1; ``z_j`` under a sum over j is an entry of z; ``p_\\theta`` is p depending on theta;
``x^{(i)}`` carries a label; ``\\Sigma_2^{-1}`` leaves a power.  Bold letters are the plain ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from derivations.reading.tree import Group, Infix, Name, Node, Number, Script, Sequence, Sum, Text
from derivations.reading.walking import children, names_and_scripts, nodes, unwrap

LOWER_GREEK = frozenset(
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi rho varrho sigma "
    "varsigma tau upsilon phi varphi chi psi omega".split()
)

TRANSPOSES = frozenset(["T", "top", "intercal", "mathsf T"])


@dataclass(frozen=True)
class Head:
    """A name taken apart.  ``key`` identifies the symbol; indices are nodes; ``power`` is the superscript left over."""

    base: str
    font: str = ""
    label: str = ""
    indices: tuple[Node, ...] = ()
    parameters: tuple[Node, ...] = ()
    superlabel: str = ""
    star: bool = False
    primes: int = 0
    accents: tuple[str, ...] = ()
    power: Node | None = None
    subscripts: tuple[str, ...] = ()  # labels and parameters in the written order

    @property
    def root(self) -> str:
        """The letter alone: z of z_1, of z_j and of z^{(i)}."""
        return self.base if self.font in ("", "bf", "rm") else f"{self.font} {self.base}"

    @property
    def letter(self) -> str:
        """As the letter of a joint density: a capital is its small letter, bold and parameters do not count."""
        return replace(
            self, base=self.base.lower(), font="", label=self.label.lower(), power=None, indices=(), parameters=()
        ).key

    @property
    def key(self) -> str:
        """The letter of a function or density, whose parameters below it are no part of its name."""
        return self._named(self.label)

    @property
    def name(self) -> str:
        """The name of a symbol, to which everything below it belongs: \\mathcal L_\\theta is not \\mathcal L_\\phi."""
        if not self.parameters:
            return self.key
        in_order = self.subscripts if self.label else tuple(sorted(self.subscripts))
        return self._named(",".join(in_order))

    def _named(self, label: str) -> str:
        name = self.root
        for accent in self.accents:
            name = f"{accent} {name}"
        if label:
            name += f"_{label}"
        if self.superlabel:
            name += f"^{self.superlabel}"
        return name + "*" * self.star + "'" * self.primes


def letter_of(name: str) -> str:
    """z of z, z' and z_1."""
    return name.rstrip("'*").split("_")[0]


def plain_label(node: Node) -> str | None:
    """A subscript as a label: 'data', '1', 'x', 'old', '1,2', '(i)'; None where it is not one."""
    node = unwrap(node)
    if isinstance(node, Name):
        return " ".join((*reversed(node.accents), node.text))
    if isinstance(node, Number | Text):
        return node.text.strip().replace(" ", "-")
    if isinstance(node, Script):
        base, sub = plain_label(node.base), plain_label(node.sub) if node.sub else ""
        sup = plain_label(node.sup) if node.sup else ""
        if base is None or sub is None or sup is None:
            return None
        return base + (f"_{sub}" if sub else "") + (f"^{sup}" if sup else "") + "*" * node.star + "'" * node.primes
    if isinstance(node, Sequence) and set(node.signs) <= {""}:
        parts = plain_labels(node.items)
        return "".join(parts) if parts is not None else None
    if isinstance(node, Group):
        parts = plain_labels(node.parts)
        return f"{node.open}{','.join(parts)}{node.close}" if parts is not None else None
    if isinstance(node, Sum):
        parts = plain_labels(node.terms)
        return "".join(s + p for s, p in zip(node.signs, parts)) if parts is not None else None
    return None


def plain_labels(parts: tuple[Node, ...]) -> list[str] | None:
    """Each part as a label; None where one is none."""
    labels = [plain_label(part) for part in parts]
    known = [label for label in labels if label is not None]
    return known if len(known) == len(labels) else None


def sub_parts(node: Node | None) -> tuple[Node, ...]:
    """The parts of a subscript: i,j and {i,\\phi} are two, ij written beside each other too."""
    if node is None:
        return ()
    node = unwrap(node)
    if isinstance(node, Group) and not node.open and node.separators and set(node.separators) <= {","}:
        return node.parts
    if (
        isinstance(node, Sequence)
        and set(node.signs) == {""}
        and all(isinstance(unwrap(i), Name | Number) for i in node.items)
    ):
        return node.items
    return (node,)


def is_minus_one(node: Node | None) -> bool:
    node = unwrap(node) if node is not None else None
    return (
        isinstance(node, Sum)
        and node.signs == ("-",)
        and isinstance(node.terms[0], Number)
        and node.terms[0].text == "1"
    )


def is_transpose(node: Node | None) -> bool:
    node = unwrap(node) if node is not None else None
    return isinstance(node, Name) and node.text in TRANSPOSES


def is_inverse_transpose(node: Node | None) -> bool:
    """A^{-T}, A^{-\\top}."""
    node = unwrap(node) if node is not None else None
    return isinstance(node, Sum) and node.signs == ("-",) and is_transpose(node.terms[0])


def head_of(
    node: Node,
    *,
    is_index: Callable[[str], bool] = lambda name: False,
    is_parameter: Callable[[str], bool] = lambda name: False,
) -> Head | None:
    """The head of a Name or a Script over a Name; None for anything else."""
    node = unwrap(node)
    if isinstance(node, Name):
        return Head(node.text, node.font, accents=node.accents)
    if not isinstance(node, Script):
        return None
    inner = head_of(node.base, is_index=is_index, is_parameter=is_parameter)
    if inner is None or node.under is not None or inner.power is not None:
        return None
    labels, indices, parameters = [inner.label] if inner.label else [], list(inner.indices), list(inner.parameters)
    subscripts = list(inner.subscripts)
    for part in sub_parts(node.sub):
        name = part.text if isinstance(part, Name) else None
        inside = plain_label(part)
        if any(isinstance(n, Name) and is_index(n.text) for n in nodes(part)):
            indices.append(part)
        elif name is not None and is_parameter(name):
            parameters.append(part)
            subscripts.append(inside or name)
        elif inside is not None:
            labels.append(inside)
            subscripts.append(inside)
        else:
            return None
    superlabel, power, sup = inner.superlabel, None, unwrap(node.sup) if node.sup is not None else None
    if sup is not None:
        superlabel, power, more = split_superscript(sup, superlabel, is_index)
        indices = [*more, *indices]
    return Head(
        inner.base,
        inner.font,
        ",".join(labels),
        tuple(indices),
        tuple(parameters),
        superlabel,
        inner.star or node.star,
        inner.primes + node.primes,
        inner.accents,
        power,
        tuple(subscripts),
    )


def heads(tree: Node, **how: Callable[[str], bool]) -> Iterator[Head]:
    """The names of a tree, each once: neither the z inside z_1 nor a label like the p of mu_p is a name of its own."""
    stack = [tree]
    while stack:
        node = stack.pop()
        head = head_of(node, **how) if isinstance(node, Name | Script) else None
        if head is None:
            stack.extend(reversed(children(node)))
            continue
        yield head
        stack.extend((*head.indices, *head.parameters, *([head.power] if head.power is not None else [])))


def every_head(tree: Node, **how: Callable[[str], bool]) -> Iterator[Head]:
    """The head of every name and script of a tree, also of those inside others: z_1, then the z in it."""
    for node in names_and_scripts(tree):
        head = head_of(node, **how)
        if head is not None:
            yield head


def index_names(sub: Node) -> list[str]:
    """The letters that run below a sum sign: i of i=1, of i, of i<j, of i \\in S."""
    sub = unwrap(sub)
    if isinstance(sub, Infix):
        return index_names(sub.left)
    if isinstance(sub, Name):
        return [sub.text]
    if isinstance(sub, Group) and not sub.open:
        return [n for part in sub.parts for n in index_names(part)]
    return []


def roles(group: Group, bars: tuple[str, ...] = ("|",)) -> Iterator[tuple[str, Node]]:
    """('outcome' | 'given' | 'parameter', part) of the arguments of a density, p(x | z; theta)."""
    role = "outcome"
    for separator, part in zip(("", *group.separators), group.parts):
        if separator == ";":
            role = "parameter"
        elif separator in bars:
            role = "given"
        yield role, part


def split_superscript(sup: Node, label: str, is_index: Callable[[str], bool]) -> tuple[str, Node | None, list[Node]]:
    """(label, power, indices) of a superscript: (i) and words are labels, a bound letter an index, the rest a power."""
    if isinstance(sup, Group) and sup.open == "(" and len(sup.parts) == 1:
        only = unwrap(sup.parts[0])
        if isinstance(only, Name) and is_index(only.text):
            return label, None, [only]
        inside = plain_label(sup)
        if inside is not None and isinstance(only, Name | Number):
            return label + inside, None, []
    if isinstance(sup, Group) and sup.open == "(" and len(sup.parts) > 1 and set(sup.separators) == {","}:
        parts = [unwrap(part) for part in sup.parts]
        if all(isinstance(part, Name | Number) for part in parts):  # z^{(i,l)}
            if any(isinstance(part, Name) and is_index(part.text) for part in parts):
                return label, None, parts
            return label + (plain_label(sup) or ""), None, []
    if isinstance(sup, Sequence) and isinstance(unwrap(sup.items[0]), Group) and set(sup.signs) == {""}:
        first_label, none, indices = split_superscript(unwrap(sup.items[0]), label, is_index)
        if none is None:
            rest = sup.items[1:]
            power = rest[0] if len(rest) == 1 else Sequence(sup.span, rest, sup.signs[1:])
            return first_label, power, indices
    if isinstance(sup, Sequence) and len(sup.items) == 2 and isinstance(sup.items[0], Number) and sup.signs == ("",):
        last_label, none, indices = split_superscript(unwrap(sup.items[1]), label, is_index)  # \\sigma^{2(i)}
        if none is None and isinstance(unwrap(sup.items[1]), Group):
            return last_label, sup.items[0], indices
    if isinstance(sup, Name) and not is_transpose(sup):
        if is_index(sup.text):
            return label, None, [sup]
        if len(sup.text) > 1 and sup.text not in LOWER_GREEK and sup.text not in ("infty", "dagger", "prime", "circ"):
            return label + sup.text, None, []
    if isinstance(sup, Text):
        return label + sup.text.strip(), None, []
    return label, sup, []


def is_title(head: Head) -> bool:
    """A name that is chosen for one thing, such as \\mathcal L or ELBO, unlike a letter."""
    is_word = len(head.base) > 1 and head.base.lower() not in LOWER_GREEK
    return is_word or head.font == "cal"
