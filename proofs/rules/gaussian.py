"""The normal law, in any dimension (on the line a vector is a number, and its covariance is its variance)."""

from functools import partial

from proofs.rules.language import rule

rule = partial(rule, source="Anderson, An Introduction to Multivariate Statistical Analysis, 2.3-2.6")

RULES = (
    rule("normal.density.vector", "(pdf (normal m S) x) = (* (^ (* 2 pi) (* -1/2 (dim m))) (^ (det S) -1/2) "
         "(exp (* -1/2 (T (+ x (* -1 m))) (inv S) (+ x (* -1 m)))))", "positive_definite S",
         says="The density of a normal law with a positive definite covariance.", kind="definition"),
    rule("normal.mean", "(expectation x (normal m S) x) = m", says="The mean of a normal law."),
    rule("normal.entry_mean", "(expectation x (normal m S) (entry x i)) = (entry m i)", "free_of x i",
         says="E x_i = m_i.", of="normal.mean"),
    rule("normal.second", "(expectation x (normal m S) (* x (T x))) = (+ S (* m (T m)))",
         says="E x x^T = S + m m^T."),
    rule("normal.entry", "(expectation x (normal m S) (* (entry x i) (entry x j))) = "
         "(+ (entry S i j) (* (entry m i) (entry m j)))", "free_of x i; free_of x j",
         says="E x_i x_j = S_ij + m_i m_j.", of="normal.second"),
    rule("normal.power", "(expectation x (normal m v) (^ x k)) = (+ (* m (expectation x (normal m v) (^ x (+ k -1)))) "
         "(* (+ k -1) v (expectation x (normal m v) (^ x (+ k -2)))))", "integer k; at_least k 2",
         says="Stein's recursion for the moments on the line.", source="Casella and Berger, Lemma 3.6.5"),
    rule("normal.generating.vector", "(expectation x (normal m S) (exp (* (T t) x))) = "
         "(exp (+ (* (T t) m) (* 1/2 (T t) S t)))", "free_of x t",
         says="The moment generating function of a normal law."),
    rule("normal.affine", "(pushforward x (normal m S) (+ (* A x) b)) = (normal (+ (* A m) b) (* A S (T A)))",
         "free_of x A; free_of x b; positive_definite (* A S (T A))",
         says="An affine image of a normal law is normal."),
)  # fmt: skip
