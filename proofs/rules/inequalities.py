"""Inequalities: the tangent of the logarithm, which "at most, and only there" and "grows" rest on, and Jensen's."""

from proofs.rules.language import rule

HLP = "Hardy, Littlewood, Polya, Inequalities"

RULES = (
    rule("log.tangent.at", "(log a) <= (+ (log c) (* a (^ c -1)) -1)", "positive a; positive c",
         says="The logarithm lies below its tangent at c.", source=f"{HLP}, 2.15"),
    rule("log.tangent.strict", "(log a) < (+ (log c) (* a (^ c -1)) -1)",
         "positive a; positive c; nonzero (+ a (* -1 c))",
         says="The logarithm lies strictly below its tangent at c, except at c.", source=f"{HLP}, 2.15"),
    rule("jensen.convex", "(call f s (expectation x P F@x)) <= (expectation x P (call f s F@x))",
         "convex f; integrable x F@x", says="Jensen's inequality for a convex function.",
         source="Cover and Thomas, Elements of Information Theory, Theorem 2.6.2"),
)  # fmt: skip
