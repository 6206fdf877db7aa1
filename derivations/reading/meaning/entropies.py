"""Entropies and mutual information: of laws, H(p), and of random variables, H(X|Y), I(X;Y) and h(X)."""

from __future__ import annotations

from derivations.reading.meaning.arithmetic import Arithmetic
from derivations.reading.meaning.environment import Env, Unclear
from derivations.reading.meaning.functions import Functions
from derivations.reading.meaning.variables import Variables
from derivations.reading.names import Head
from derivations.reading.tree import Group, Node
from derivations.reading.vocabulary import LAW_WORDS
from derivations.reading.walking import items_of
from proofs import terms as T
from proofs.records import Space
from proofs.terms import Term

ANY_JOINT = "the joint law"


class Entropies(Variables, Functions, Arithmetic):
    """The part of the Elaborator that knows entropies."""

    def entropy(self, head: Head, group: Group, env: Env) -> Term | None:
        """H(p), H(p, q), H(X|Y), I(X;Y), h(X); None where the name is none of these."""
        if head.base not in ("H", "h", "I") or head.font in ("cal", "bf") or head.power is not None:
            return None
        if head.base == "H" and self.names_laws(group, env):
            laws = [self.law(p, env)[1] for p in group.parts]
            if len(laws) == 1:
                return T.term("entropy", laws)
            if len(laws) == 2 and group.separators == (",",):
                return T.term("cross_entropy", laws)
            raise Unclear("this entropy is not understood")
        law = self.law_of_variable(head, group, env)
        if law is not None:
            return T.term("entropy", (law,))
        letter = self.letter_below(head)
        if self.speaks_of_variables(group, env, letter is not None):
            return self.information(head, group, letter, env)
        return None

    def names_laws(self, group: Group, env: Env) -> bool:
        """Whether all parts are distributions."""
        heads = [self.head(items_of(part)[0], env) for part in group.parts]
        return all(head is not None and (self.is_density(head) or head.base in LAW_WORDS) for head in heads)

    def law_of_variable(self, head: Head, group: Group, env: Env) -> Term | None:
        """The law of X in H(X) and h(X), where the text says it."""
        variable = self.head(group.parts[0], env) if len(group.parts) == 1 and head.base != "I" else None
        if variable is None or variable.power is not None or head.label or self.is_density(variable):
            return None
        name = self.variable_name(variable, env)
        is_variable = variable.base.isupper() or (head.base == "H" and group.open == "[")
        if not is_variable or name in env.bound:
            return None  # h(s) is a function of s
        return self.declared_variable_law(name, variable, env)

    def letter_below(self, head: Head) -> str | None:
        """The q of I_q(x; z): under which joint law the information is."""
        return head.label if head.label in self.conventions.density_letters else None

    # ------------------------------------------------------------------------------------------ of variables

    def speaks_of_variables(self, group: Group, env: Env, of_letter: bool) -> bool:
        """Whether all parts are random variables: capitals, or any letters where it is said under which law."""
        heads = [self.head(part, env) for part in group.parts]
        return all(
            h is not None
            and len(h.base) == 1
            and (h.base.isupper() or of_letter)
            and not self.is_density(h)
            and h.power is None
            for h in heads
        )

    def information(self, head: Head, group: Group, letter: str | None, env: Env) -> Term:
        """H(X, Y), H(X|Y) and I(X;Y): under the one density that the relation has of them, else of discrete variables
        with any joint law."""
        if (head.label and letter is None) or group.separators.count("|") > 1:
            raise Unclear("the entropy of these variables is not understood")
        blocks: list[list[str]] = [[]]
        marks: list[str] = []
        for separator, part in zip(("", *group.separators), group.parts):
            if separator in (";", "|"):
                blocks.append([])
                marks.append(separator)
            blocks[-1].append(self.random_space(part, env))
        letter = self.joint_letter({space for block in blocks for space in block}, letter)
        if letter is None and head.base == "h":
            raise Unclear("the entropy of these variables is not understood")
        is_entropy = head.base in ("H", "h")
        if is_entropy and marks == []:
            return self.entropy_of(blocks[0], letter, env)
        if is_entropy and marks == ["|"]:
            whole = self.entropy_of(blocks[0] + blocks[1], letter, env)
            return self.add([whole, T.neg(self.entropy_of(blocks[1], letter, env))])
        if head.base == "I" and (marks == [";"] or (marks == [] and len(blocks[0]) == 2)):
            first, second = blocks if marks else ([blocks[0][0]], [blocks[0][1]])
            own = [self.entropy_of(first, letter, env), self.entropy_of(second, letter, env)]
            return self.add([*own, T.neg(self.entropy_of(first + second, letter, env))])
        raise Unclear("this information is not understood")

    def random_space(self, part: Node, env: Env) -> str:
        head = self.head(part, env)
        assert head is not None
        return self.variable_name(head, env).lower()

    def joint_letter(self, spaces: set[str], letter: str | None) -> str | None:
        """The one density letter that the relation has of these variables, or the one that is written below."""
        if letter is not None:
            return self.density_key(Head(letter))
        found: set[str] = set()
        for used, signatures in self.relation_usage.signatures.items():
            if used in ("h", "i"):
                continue  # H(X|Y) and I(X;Y) themselves
            if spaces <= {name for outcomes, givens in signatures for name in (*outcomes, *givens)}:
                found.add(self.view.equal_families.get(used, used))
        return next(iter(found)) if len(found) == 1 else None

    def entropy_of(self, spaces: list[str], letter: str | None, env: Env) -> Term:
        """The entropy of some variables under their joint law."""
        names = tuple(sorted(set(spaces)))
        if letter is not None:
            slots, parameters = self.density_parameters(letter, Head(letter), [], list(names), [], env)
            return T.term("entropy", (self.family_law(slots, list(names), [], [], parameters, env)[0],))
        for space in names:
            self.gathered.spaces[space] = Space(self.shapes.sort(space), True, self.shapes.guessed(space))
        self.gathered.families.setdefault(ANY_JOINT, set()).update(names)
        self.gathered.note("the variables are discrete, with any joint law")
        return T.term("entropy", (T.family(ANY_JOINT, names),))
