"""Inequalities."""

from proofs.rules.language import rule

COVER = "Cover and Thomas, Elements of Information Theory"

RULES = (
    rule("gibbs", "0 <= (kl P Q)", "comparable P Q; support P; support Q", says="KL(P||Q) >= 0 (Gibbs).",
         source=f"{COVER}, Theorem 2.6.3, (8.50)"),
    rule("jsd.nonnegative", "0 <= (jsd P Q)", "comparable P Q; support P; support Q", says="JSD(P||Q) >= 0.",
         source="Lin (1991), Theorem 3"),
    rule("jsd.bounded", "(jsd P Q) <= (log 2)", "comparable P Q; support P; support Q", says="JSD(P||Q) <= log 2.",
         source="Lin (1991), Theorem 4"),
    rule("jensen.log", "(expectation x P (log F@x)) <= (log (expectation x P F@x))",
         "for x P (positive F@x); integrable x F@x",
         says="Jensen's inequality for the logarithm.", source=f"{COVER}, Theorem 2.6.2"),
    rule("jensen.exp", "(exp (expectation x P F@x)) <= (expectation x P (exp F@x))", "integrable x (exp F@x)",
         says="Jensen's inequality for the exponential.", source=f"{COVER}, Theorem 2.6.2"),
    rule("jensen.square", "(^ (expectation x P F@x) 2) <= (expectation x P (^ F@x 2))", "integrable x (^ F@x 2)",
         says="Jensen's inequality for the square.", source=f"{COVER}, Theorem 2.6.2"),
    rule("jensen.convex", "(call f s (expectation x P F@x)) <= (expectation x P (call f s F@x))",
         "convex f; integrable x F@x",
         says="Jensen's inequality for a convex function.", source=f"{COVER}, Theorem 2.6.2"),
    rule("jensen.average", "(* (^ (count as) -1) (+ (log as) ...)) <= (log (* (^ (count as) -1) (+ as ...)))",
         "positive as", says="The mean of logarithms is at most the logarithm of the mean.",
         source="Hardy, Littlewood, Polya, Inequalities, Theorem 9"),
    rule("log.tangent", "(log a) <= (+ a -1)", "positive a", says="log a <= a - 1.",
         source="Hardy, Littlewood, Polya, Inequalities, 2.15"),
)  # fmt: skip
