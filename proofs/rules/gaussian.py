"""The normal law, in any dimension."""

from proofs.rules.language import rule

ANDERSON = "Anderson, An Introduction to Multivariate Statistical Analysis"

RULES = (
    rule("normal.density", "(pdf (normal m v) x) = (* (^ (* 2 pi v) -1/2) "
         "(exp (* -1/2 (^ v -1) (^ (+ x (* -1 m)) 2))))", "positive v",
         says="The density of a normal law on the line.", source="Casella and Berger, (3.3.13)"),
    rule("normal.density.vector", "(pdf (normal m S) x) = (* (^ (* 2 pi) (* -1/2 (dim m))) (^ (det S) -1/2) "
         "(exp (* -1/2 (T (+ x (* -1 m))) (inv S) (+ x (* -1 m)))))", "positive_definite S",
         says="The density of a normal law with a positive definite covariance.", source=f"{ANDERSON}, (2.3.21)"),
    rule("normal.mean", "(expectation x (normal m S) x) = m", says="The mean of a normal law.",
         source=f"{ANDERSON}, Theorem 2.3.1"),
    rule("normal.second", "(expectation x (normal m S) (* x (T x))) = (+ S (* m (T m)))",
         says="E x x^T = S + m m^T.", source=f"{ANDERSON}, (2.3.22)"),
    rule("normal.power", "(expectation x (normal m v) (^ x k)) = (+ (* m (expectation x (normal m v) (^ x (+ k -1)))) "
         "(* (+ k -1) v (expectation x (normal m v) (^ x (+ k -2)))))", "integer k; at_least k 2",
         says="Stein's recursion for the moments on the line.", source="Casella and Berger, Lemma 3.6.5"),
    rule("normal.bilinear", "(expectation x (normal m S) (* (* (T a) x) (* (T b) x))) = "
         "(+ (* (T a) S b) (* (* (T a) m) (* (T b) m)))",
         "free_of x a; free_of x b; scalar_valued (* (T a) m); scalar_valued (* (T b) m)",
         says="E (a^T x)(b^T x) = a^T S b + a^T m b^T m.", source=f"{ANDERSON}, (2.3.22)"),
    rule("normal.quadratic", "(expectation x (normal m S) (* (T x) A x)) = (+ (tr (* A S)) (* (T m) A m))",
         "free_of x A; scalar_valued (* (T m) A m)", says="E x^T A x = tr(A S) + m^T A m.",
         source="Petersen and Pedersen, The Matrix Cookbook, (378)"),
    rule("normal.norm", "(expectation x (normal m S) (* (T x) x)) = (+ (tr S) (* (T m) m))",
         says="E x^T x = tr S + m^T m.", source="Petersen and Pedersen, The Matrix Cookbook, (379)"),
    rule("normal.entry", "(expectation x (normal m S) (* (entry x i) (entry x j))) = "
         "(+ (entry S i j) (* (entry m i) (entry m j)))", "free_of x i; free_of x j",
         says="E x_i x_j = S_ij + m_i m_j.", source=f"{ANDERSON}, (2.3.22)"),
    rule("normal.entry_mean", "(expectation x (normal m S) (entry x i)) = (entry m i)", "free_of x i",
         says="E x_i = m_i.", source=f"{ANDERSON}, Theorem 2.3.1"),
    rule("normal.generating", "(expectation x (normal m v) (exp (* t x))) = (exp (+ (* t m) (* 1/2 v (^ t 2))))",
         "free_of x t", says="The moment generating function on the line.", source="Casella and Berger, sec. 2.3"),
    rule("normal.generating.vector", "(expectation x (normal m S) (exp (* (T t) x))) = "
         "(exp (+ (* (T t) m) (* 1/2 (T t) S t)))", "free_of x t",
         says="The moment generating function of a normal law.", source=f"{ANDERSON}, Theorem 2.6.1"),
    rule("normal.affine", "(pushforward x (normal m S) (+ (* A x) b)) = (normal (+ (* A m) b) (* A S (T A)))",
         "free_of x A; free_of x b; positive_definite (* A S (T A))",
         says="An affine image of a normal law is normal.", source=f"{ANDERSON}, Theorem 2.4.4"),
    rule("normal.affine.scalar", "(pushforward x (normal m v) (+ (* a x) b)) = (normal (+ (* a m) b) (* (^ a 2) v))",
         "free_of x a; free_of x b; nonzero a",
         says="An affine image of a normal law is normal.", source="Casella and Berger, Theorem 2.1.5"),
)  # fmt: skip
