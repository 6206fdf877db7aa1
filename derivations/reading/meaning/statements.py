"""Statements inside a formula: comparisons, and the cases they decide between."""

from __future__ import annotations

from derivations.reading.meaning.building import Building
from derivations.reading.meaning.environment import Env, Unclear
from derivations.reading.tree import Cases, Group, Infix, Node
from derivations.reading.walking import unwrap
from proofs import terms as T
from proofs.terms import Term


class Statements(Building):
    """The part of the Elaborator that knows truth values."""

    def statement(self, node: Node, env: Env) -> Term:
        """A comparison inside a formula: X <= x, i = 1."""
        node = unwrap(node)
        if isinstance(node, Group) and len(node.parts) == 1:
            return self.statement(node.parts[0], env)
        if isinstance(node, Infix) and node.rel in ("=", "<", "<=", ">", ">=", "!="):
            return T.compare(node.rel, self.term(node.left, env), self.term(node.right, env))
        raise Unclear("a statement was expected here")

    def cases(self, node: Cases, env: Env) -> Term:
        parts: list[Term] = []
        for value, condition in node.rows:
            parts.append(self.term(value, env))
            if isinstance(condition, Node):
                parts.append(self.statement(condition, env))
            elif isinstance(condition, str) and condition.strip() not in ("otherwise", "else", "sonst", "sinon"):
                raise Unclear(f"the condition “{condition.strip()}” is not understood")
        return T.term("cases", parts, (), parts[0].sort)
