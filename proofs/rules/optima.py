"""The tangent of the logarithm: what "at most, and only there" and "grows" rest on."""

from proofs.rules.language import rule

HLP = "Hardy, Littlewood, Polya, Inequalities"

RULES = (
    rule("log.tangent.at", "(log a) <= (+ (log c) (* a (^ c -1)) -1)", "positive a; positive c",
         says="The logarithm lies below its tangent at c.", source=f"{HLP}, 2.15"),
    rule("log.tangent.strict", "(log a) < (+ (log c) (* a (^ c -1)) -1)",
         "positive a; positive c; nonzero (+ a (* -1 c))",
         says="The logarithm lies strictly below its tangent at c, except at c.", source=f"{HLP}, 2.15"),
)  # fmt: skip
