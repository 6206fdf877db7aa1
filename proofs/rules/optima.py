"""Tangents, monotonicity and distances: what "at most, and only there", "grows" and "equality iff" rest on."""

from proofs.rules.language import rule

HLP = "Hardy, Littlewood, Polya, Inequalities"
COVER = "Cover and Thomas, Elements of Information Theory"

RULES = (
    rule("log.tangent.at", "(log a) <= (+ (log c) (* a (^ c -1)) -1)", "positive a; positive c",
         says="The logarithm lies below its tangent at c.", source=f"{HLP}, 2.15"),
    rule("log.tangent.strict", "(log a) < (+ (log c) (* a (^ c -1)) -1)",
         "positive a; positive c; nonzero (+ a (* -1 c))",
         says="The logarithm lies strictly below its tangent at c, except at c.", source=f"{HLP}, 2.15"),
    rule("log.increasing", "(log a) < (log b)", "positive a; positive (+ b (* -1 a))",
         says="The logarithm is strictly increasing.", source="Rudin, Principles of Mathematical Analysis, (8.36)",
         axiom=False),
    rule("log.monotone", "(log a) <= (log b)", "positive a; nonnegative (+ b (* -1 a))",
         says="The logarithm is increasing.", source="Rudin, Principles of Mathematical Analysis, (8.36)",
         axiom=False),
    rule("pinsker", "(* 1/2 (^ (integral x (abs (+ (pdf P x) (* -1 (pdf Q x))))) 2)) <= (kl P Q)",
         "over x P; over x Q; support P; support Q",
         says="Half the square of the L1 distance is at most the divergence (Pinsker).",
         source=f"{COVER}, Lemma 11.6.1"),
)  # fmt: skip
