# ruff: noqa: E501  (a table of formulas, one a line)
"""True relations of the home ground, each with wrong variants of its right side, for the prover."""

from proofs.records import Domain, Family, Function, Hypotheses, Space
from proofs.terms import (
    HALF,
    ONE,
    PI,
    TWO,
    ZERO,
    add,
    call,
    derivative,
    det,
    diag,
    divide,
    entry,
    exp,
    expectation,
    family,
    function,
    hadamard,
    identity,
    integral,
    inverse,
    jsd,
    kl,
    law,
    log,
    matrix,
    matrix_sort,
    mul,
    neg,
    norm,
    normal,
    number,
    pdf,
    power,
    sub,
    sum_over,
    symbol,
    term,
    trace,
    transpose,
    variance,
    vector_sort,
    zeros,
)

N = "n"
MAT, VEC = matrix_sort(N, N), vector_sort(N)
x, z, a, b, c, m, t, w, n = (symbol(s) for s in ("x", "z", "a", "b", "c", "m", "t", "w", N))
s, s1, s2, v = (symbol(q) for q in ("s", "s1", "s2", "v"))
m1, m2, k = symbol("m1"), symbol("m2"), symbol("k")
theta, phi = symbol("theta"), symbol("phi")
A, B, S1, S2 = (symbol(q, MAT) for q in ("A", "B", "S1", "S2"))
mu, mu1, mu2, tt, X, Z = (symbol(q, VEC) for q in ("mu", "mu1", "mu2", "tt", "X", "Z"))
bit = symbol("bit")

H = Hypotheses(
    variables={
        **{q: Domain(declared=True) for q in ("a", "b", "c", "m", "t", "w", "m1", "m2", "theta", "phi")},
        **{q: Domain(kind="positive", declared=True) for q in ("s", "s1", "s2", "v")},
        "k": Domain(kind="unit", declared=True),
        "bit": Domain(kind="binary", declared=True),
        N: Domain(kind="dimension", declared=True),
        "A": Domain(MAT, declared=True),
        "B": Domain(MAT, declared=True),
        "S1": Domain(MAT, "positive_definite", declared=True),
        "S2": Domain(MAT, "positive_definite", declared=True),
        **{q: Domain(VEC, declared=True) for q in ("mu", "mu1", "mu2", "tt")},
    },
    functions={
        "D": Function(("x",), values=Domain(kind="unit")),
        "G": Function(("z",), result_space="x"),
        "f": Function(("z",)),
        "h": Function(("x",), convex=True),
        "F": Function(("x",), bijection=True, result_space="y"),
    },
    families={
        "p": Family(("x", "z"), parameters=("theta",)),
        "q": Family(("x", "z"), parameters=("phi",)),
        "p_data": Family(("x",)),
        "p_z": Family(("z",)),
        "p_g": Family(("x",), pushforward=("G", "p_z", "z")),
        "p_y": Family(("y",), pushforward=("F", "p_data", "x")),
    },
    spaces={"x": Space(), "z": Space(), "y": Space(), "X": Space(VEC), "Z": Space(VEC)},
    space_of={"x": "x", "z": "z", "z_1": "z", "y": "y", "X": "X", "Z": "Z"},
)

DATA, GEN, PZ = family("p_data", ("x",)), family("p_g", ("x",)), family("p_z", ("z",))
pd, pg = pdf(DATA, x), pdf(GEN, x)
D = call("D", [x])
JOINT, MX, MZ = (family("p", o, (), (), [theta]) for o in (("x", "z"), ("x",), ("z",)))
PXZ, PZX = family("p", ("x",), ("z",), [z], [theta]), family("p", ("z",), ("x",), [x], [theta])
Q = family("q", ("z",), ("x",), [x], [phi])
q, pj, lik, prior = pdf(Q, z), pdf(JOINT, x, z), pdf(PXZ, x), pdf(MZ, z)
fz = call("f", [z])
G1, G2 = normal(m1, power(s1, TWO)), normal(m2, power(s2, TWO))
V1, V2 = normal(mu1, S1), normal(mu2, S2)
LOG_EVIDENCE = log(pdf(MX, x))
ELBO = expectation("z", Q, sub(log(pj), log(q)))
ELBO2 = sub(expectation("z", Q, log(lik)), kl(Q, MZ))
d12 = sub(mu1, mu2)
VALUE = add(expectation("x", DATA, log(D)), expectation("z", PZ, log(sub(ONE, call("D", [call("G", [z])])))))


def quad(u, W, y=None):
    return mul(transpose(u), W, u if y is None else y)


def kl_line(r, g, d, e):
    """log(s2/s1) + (s1^2 + (m1-m2)^2)/(2 s2^2) - 1/2 and its deformations."""
    return add(log(r), divide(add(power(g, TWO), power(d, TWO)), mul(TWO, power(s2, TWO))), e)


def kl_space(ld, tr, form, last):
    return mul(HALF, add(ld, tr, form, last))


def swap_kl(law1, law2):
    return kl(law2, law1)


KL_MV = kl_space(log(divide(det(S2), det(S1))), trace(mul(inverse(S2), S1)), quad(d12, inverse(S2)), neg(n))
GAUSS_1 = mul(power(mul(TWO, PI, v), neg(HALF)), exp(neg(divide(power(sub(x, m), TWO), mul(TWO, v)))))
OPT = add(expectation("x", DATA, log(divide(pd, add(pd, pg)))), expectation("x", GEN, log(divide(pg, add(pd, pg)))))
MID = term("with_density", (mul(HALF, add(pd, pg)),), ("x",), DATA.sort)
Xn, dX = mul(transpose(X), X), sub(X, mu2)
LOGDET = add(mul(neg(HALF), n, log(mul(TWO, PI))), mul(neg(HALF), log(det(S2))), mul(neg(HALF), quad(dX, inverse(S2))))
u1 = symbol("u1", VEC)
w2 = symbol("w", VEC)
J = derivative(call("F", [x]), "x")

# name: (lhs, relation, rhs, wrong right sides)
CLAIMS = {
    "log of numbers": (log(number(4)), "=", mul(TWO, log(TWO)), [log(TWO), mul(number(4), log(TWO)), neg(mul(TWO, log(TWO)))]),
    "log of a quotient": (
        log(divide(power(s, number(3)), v)), "=", sub(mul(number(3), log(s)), log(v)),
        [add(mul(number(3), log(s)), log(v)), sub(log(s), log(v)), divide(mul(number(3), log(s)), log(v))],
    ),
    "density of a normal law": (
        pdf(normal(m, v), x), "=", GAUSS_1,
        [mul(TWO, GAUSS_1), divide(GAUSS_1, power(v, HALF)), pdf(normal(v, m), x), pdf(normal(x, v), add(m, ONE))],
    ),
    "second moment": (
        expectation("x", G1, power(x, TWO)), "=", add(power(m1, TWO), power(s1, TWO)),
        [add(power(m1, TWO), s1), power(m1, TWO), sub(power(s1, TWO), power(m1, TWO))],
    ),
    "fourth moment": (
        expectation("x", normal(ZERO, v), power(x, number(4))), "=", mul(number(3), power(v, TWO)),
        [power(v, TWO), mul(number(3), v), mul(number(4), power(v, TWO))],
    ),
    "variance of an affine map": (
        variance("x", G1, add(a, mul(b, x))), "=", mul(power(b, TWO), power(s1, TWO)),
        [mul(b, power(s1, TWO)), add(a, mul(power(b, TWO), power(s1, TWO))), mul(power(b, TWO), s1)],
    ),
    "generating function": (
        expectation("x", normal(m, v), exp(mul(t, x))), "=", exp(add(mul(t, m), mul(HALF, v, power(t, TWO)))),
        [exp(add(mul(t, m), mul(v, power(t, TWO)))), exp(mul(t, m)), exp(sub(mul(t, m), mul(HALF, v, power(t, TWO))))],
    ),
    "vector generating function": (
        expectation("X", V1, exp(mul(transpose(tt), add(mul(A, X), mu)))), "=",
        exp(add(mul(transpose(tt), add(mul(A, mu1), mu)), mul(HALF, transpose(tt), A, S1, transpose(A), tt))),
        [
            exp(add(mul(transpose(tt), add(mul(A, mu1), mu)), mul(HALF, transpose(tt), transpose(A), S1, A, tt))),
            exp(add(mul(transpose(tt), A, mu1), mul(HALF, transpose(tt), A, S1, transpose(A), tt))),
            exp(add(mul(transpose(tt), add(mul(A, mu1), mu)), mul(transpose(tt), A, S1, transpose(A), tt))),
        ],
    ),
    "divergence on the line": (
        kl(G1, G2), "=", kl_line(divide(s2, s1), s1, sub(m1, m2), neg(HALF)),
        [
            kl_line(divide(s1, s2), s1, sub(m1, m2), neg(HALF)), kl_line(divide(s2, s1), s2, sub(m1, m2), neg(HALF)),
            kl_line(divide(s2, s1), s1, add(m1, m2), neg(HALF)), kl_line(divide(s2, s1), s1, sub(m1, m2), HALF),
            kl(G2, G1),
        ],
    ),
    "divergence in n dimensions": (
        kl(V1, V2), "=", KL_MV,
        [
            kl_space(log(divide(det(S1), det(S2))), trace(mul(inverse(S2), S1)), quad(d12, inverse(S2)), neg(n)),
            kl_space(log(divide(det(S2), det(S1))), trace(mul(inverse(S1), S2)), quad(d12, inverse(S2)), neg(n)),
            kl_space(log(divide(det(S2), det(S1))), trace(mul(inverse(S2), S1)), quad(d12, inverse(S1)), neg(n)),
            kl_space(log(divide(det(S2), det(S1))), trace(mul(inverse(S2), S1)), quad(d12, inverse(S2)), n),
            mul(TWO, KL_MV), kl(V2, V1),
        ],
    ),
    "divergence from the standard normal law": (
        kl(V1, normal(zeros(N), identity(N))), "=",
        mul(HALF, add(neg(log(det(S1))), trace(S1), mul(transpose(mu1), mu1), neg(n))),
        [
            mul(HALF, add(log(det(S1)), trace(S1), mul(transpose(mu1), mu1), neg(n))),
            mul(HALF, add(neg(log(det(S1))), det(S1), mul(transpose(mu1), mu1), neg(n))),
            mul(HALF, add(neg(log(det(S1))), trace(S1), neg(n))),
        ],
    ),
    "expected log density": (
        expectation("X", V1, log(pdf(V2, X))), "=", expectation("X", V1, LOGDET),
        [expectation("X", V2, LOGDET), neg(expectation("X", V1, LOGDET)), expectation("X", V1, add(LOGDET, log(TWO)))],
    ),
    "expected quadratic form": (
        expectation("X", V1, quad(X, A)), "=", add(trace(mul(A, S1)), quad(mu1, A)),
        [add(trace(mul(A, S2)), quad(mu1, A)), trace(mul(A, S1)), add(trace(A), quad(mu1, A))],
    ),
    "expected norm": (
        expectation("X", V1, power(norm(X), TWO)), "=", add(trace(S1), mul(transpose(mu1), mu1)),
        [trace(S1), add(det(S1), mul(transpose(mu1), mu1)), sub(trace(S1), mul(transpose(mu1), mu1))],
    ),
    "covariance of an affine map": (
        variance("X", V1, add(mul(A, X), mu)), "=", mul(A, S1, transpose(A)),
        [mul(transpose(A), S1, A), mul(A, S1, A), mul(A, transpose(A)), mul(S1, A, transpose(A))],
    ),
    "a Gaussian integral": (
        integral("X", exp(mul(neg(HALF), quad(sub(X, mu1), inverse(S1))))), "=",
        mul(power(mul(TWO, PI), mul(HALF, n)), power(det(S1), HALF)),
        [
            mul(power(mul(TWO, PI), mul(HALF, n)), det(S1)), power(mul(TWO, PI), mul(HALF, n)),
            mul(power(mul(TWO, PI), n), power(det(S1), HALF)),
        ],
    ),
    "trace of a cycle": (
        trace(mul(A, B, S1)), "=", trace(mul(S1, A, B)),
        [trace(mul(A, S1, B)), trace(mul(B, A, S1)), mul(trace(A), trace(mul(B, S1)))],
    ),
    "log determinant": (
        log(det(mul(S1, inverse(S2)))), "=", sub(log(det(S1)), log(det(S2))),
        [add(log(det(S1)), log(det(S2))), sub(log(det(S2)), log(det(S1))), divide(log(det(S1)), log(det(S2)))],
    ),
    "determinant of a multiple": (
        det(mul(s, A)), "=", mul(power(s, n), det(A)),
        [mul(s, det(A)), mul(n, s, det(A)), mul(power(s, TWO), det(A))],
    ),
    "expectation as an integral": (
        expectation("x", DATA, log(D)), "=", integral("x", mul(pd, log(D))),
        [integral("x", mul(pg, log(D))), integral("x", log(D)), neg(integral("x", mul(pd, log(D))))],
    ),
    "unconscious statistician": (
        expectation("z", PZ, log(sub(ONE, call("D", [call("G", [z])])))), "=", expectation("x", GEN, log(sub(ONE, D))),
        [expectation("x", GEN, log(D)), expectation("x", DATA, log(sub(ONE, D))), sub(ONE, expectation("x", GEN, log(D)))],
    ),
    "value of the game": (
        VALUE, "=", integral("x", add(mul(pd, log(D)), mul(pg, log(sub(ONE, D))))),
        [
            integral("x", add(mul(pg, log(D)), mul(pd, log(sub(ONE, D))))),
            integral("x", add(mul(pd, log(D)), mul(pg, sub(ONE, log(D))))),
            integral("x", sub(mul(pd, log(D)), mul(pg, log(sub(ONE, D))))),
        ],
    ),
    "value at the optimum": (
        OPT, "=", add(neg(log(number(4))), mul(TWO, jsd(DATA, GEN))),
        [
            add(neg(log(TWO)), mul(TWO, jsd(DATA, GEN))), add(neg(log(number(4))), jsd(DATA, GEN)),
            add(log(number(4)), mul(TWO, jsd(DATA, GEN))), add(neg(log(number(4))), kl(DATA, GEN)),
        ],
    ),
    "Jensen-Shannon": (
        jsd(DATA, GEN), "=", mul(HALF, add(kl(DATA, MID), kl(GEN, MID))),
        [mul(HALF, add(kl(MID, DATA), kl(MID, GEN))), add(kl(DATA, MID), kl(GEN, MID)), mul(HALF, kl(DATA, GEN))],
    ),
    "Bayes": (
        pdf(PZX, z), "=", divide(mul(lik, prior), pdf(MX, x)),
        [mul(lik, prior), divide(mul(lik, pdf(MX, x)), prior), divide(lik, pdf(MX, x))],
    ),
    "marginal": (
        integral("z", mul(lik, prior)), "=", pdf(MX, x),
        [prior, pdf(MX, symbol("a")), mul(TWO, pdf(MX, x))],
    ),
    "divergence as an expectation": (
        kl(Q, PZX), "=", expectation("z", Q, sub(log(q), log(pdf(PZX, z)))),
        [expectation("z", Q, sub(log(pdf(PZX, z)), log(q))), expectation("z", PZX, sub(log(q), log(pdf(PZX, z)))), kl(PZX, Q)],
    ),
    "evidence": (
        LOG_EVIDENCE, "=", add(kl(Q, PZX), ELBO),
        [sub(ELBO, kl(Q, PZX)), add(kl(PZX, Q), ELBO), add(kl(Q, MZ), ELBO), ELBO],
    ),
    "two forms of the bound": (
        ELBO, "=", ELBO2,
        [add(expectation("z", Q, log(lik)), kl(Q, MZ)), expectation("z", Q, log(lik)), sub(expectation("z", Q, log(lik)), kl(MZ, Q))],
    ),
    "score function": (
        derivative(expectation("z", Q, fz), "phi"), "=", expectation("z", Q, mul(fz, derivative(log(q), "phi"))),
        [
            expectation("z", Q, derivative(log(q), "phi")), expectation("z", Q, mul(fz, derivative(q, "phi"))),
            neg(expectation("z", Q, mul(fz, derivative(log(q), "phi")))), expectation("z", Q, derivative(fz, "phi")),
        ],
    ),
    "expected score": (
        expectation("z", Q, derivative(log(q), "phi")), "=", ZERO,
        [ONE, derivative(expectation("z", Q, fz), "phi"), expectation("z", Q, log(q))],
    ),
    "gradient of the bound": (
        derivative(ELBO, "phi"), "=", expectation("z", Q, mul(sub(log(pj), log(q)), derivative(log(q), "phi"))),
        [
            expectation("z", Q, mul(add(log(pj), log(q)), derivative(log(q), "phi"))),
            expectation("z", Q, mul(log(pj), derivative(log(q), "phi"))),
            expectation("z", Q, sub(log(pj), log(q))),
        ],
    ),
    "log-derivative": (
        derivative(log(q), "phi"), "=", divide(derivative(q, "phi"), q),
        [derivative(q, "phi"), mul(q, derivative(q, "phi")), neg(divide(derivative(q, "phi"), q))],
    ),
    "derivative of the objective": (
        derivative(add(mul(s1, log(k)), mul(s2, log(sub(ONE, k)))), "k"), "=", sub(divide(s1, k), divide(s2, sub(ONE, k))),
        [add(divide(s1, k), divide(s2, sub(ONE, k))), sub(divide(s2, k), divide(s1, sub(ONE, k))), divide(s1, k)],
    ),
    "gradient of a quadratic form": (
        derivative(quad(w2, A), "w", sort=VEC), "=", mul(add(A, transpose(A)), w2),
        [mul(TWO, A, w2), mul(sub(A, transpose(A)), w2), mul(A, w2)],
    ),
    "derivative of the sigmoid": (
        derivative(function("sigmoid", w), "w"), "=",
        mul(function("sigmoid", w), sub(ONE, function("sigmoid", w))),
        [function("sigmoid", w), sub(ONE, function("sigmoid", w)), neg(mul(function("sigmoid", w), sub(ONE, function("sigmoid", w))))],
    ),
    "Bernoulli likelihood": (
        log(pdf(law("bernoulli", k), bit)), "=", add(mul(bit, log(k)), mul(sub(ONE, bit), log(sub(ONE, k)))),
        [
            add(mul(sub(ONE, bit), log(k)), mul(bit, log(sub(ONE, k)))), mul(bit, log(k)),
            sub(mul(bit, log(k)), mul(sub(ONE, bit), log(sub(ONE, k)))),
        ],
    ),
    "mean of a sample": (
        sum_over("i", expectation("x", G1, divide(x, n)), ONE, n), "=", m1,
        [mul(n, m1), divide(m1, n), sum_over("i", expectation("x", G2, divide(x, n)), ONE, n)],
    ),
    "elementwise reparameterisation": (
        expectation("Z", normal(zeros(N), identity(N)), add(mu, hadamard(mu1, Z))), "=", mu,
        [add(mu, mu1), mu1, zeros(N)],
    ),
    "covariance of the reparameterisation": (
        variance("Z", normal(zeros(N), identity(N)), add(mu, hadamard(mu1, Z))), "=", mul(diag(mu1), diag(mu1)),
        [diag(mu1), identity(N), add(mul(mu, transpose(mu)), mul(diag(mu1), diag(mu1)))],
    ),
    "a determinant": (
        det(matrix(2, 2, [ONE, ZERO, c, exp(a)])), "=", exp(a),
        [mul(c, exp(a)), exp(neg(a)), sub(exp(a), c)],
    ),
    "a log determinant": (
        log(function("abs", det(matrix(2, 2, [ONE, ZERO, c, exp(add(mul(a, b), c))])))), "=", add(mul(a, b), c),
        [mul(a, b), neg(add(mul(a, b), c)), exp(add(mul(a, b), c))],
    ),
    "entries": (
        entry(add(mul(a, mu1), mu2), ONE), "=", add(mul(a, entry(mu1, ONE)), entry(mu2, ONE)),
        [add(mul(a, entry(mu1, ONE)), entry(mu2, TWO)), entry(mu1, ONE), add(entry(mu1, ONE), entry(mu2, ONE))],
    ),
}  # fmt: skip

INEQUALITIES = {
    "Gibbs": (kl(DATA, GEN), ">=", ZERO),
    "the bound": (ELBO, "<=", LOG_EVIDENCE),
    "the bound with a divergence": (ELBO2, "<=", LOG_EVIDENCE),
    "Jensen": (expectation("z", Q, log(divide(pj, q))), "<=", log(expectation("z", Q, divide(pj, q)))),
    "convexity": (call("h", [expectation("x", DATA, x)]), "<=", expectation("x", DATA, call("h", [x]))),
    "value of the game": (OPT, ">=", neg(log(number(4)))),
    "a square": (mul(s, power(a, TWO)), ">=", ZERO),
}  # fmt: skip
