"""Relations of the home ground, written as terms by hand: name -> (relation, the status that worlds must give it)."""

from __future__ import annotations

from proofs.records import Domain, Family, Function, Hypotheses, Relation, Space
from proofs.terms import (
    HALF,
    LAW,
    MINUS_ONE,
    ONE,
    PI,
    SCALAR,
    TWO,
    ZERO,
    add,
    call,
    call_inverse,
    compare,
    derivative,
    det,
    diag,
    divide,
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
    vector_sort,
    zeros,
)

POSITIVE = Domain(kind="positive", declared=True)
REAL = Domain(declared=True)
DIMENSION = Domain(kind="dimension")

RELATIONS: dict[str, tuple[Relation, str]] = {}


def claim(name, status, lhs, rel, rhs, hypotheses=None, **options):
    assert name not in RELATIONS
    RELATIONS[name] = (Relation(lhs, rel, rhs, hypotheses or Hypotheses(), **options), status)


def holds(name, lhs, rel, rhs, hypotheses=None, **options):
    claim(name, "supported", lhs, rel, rhs, hypotheses, **options)


def fails(name, lhs, rel, rhs, hypotheses=None, **options):
    claim(name, "refuted", lhs, rel, rhs, hypotheses, **options)


def sq(t):
    return power(t, TWO)


def over(a, b):
    return divide(a, b)


# ------------------------------------------------------------------------------------------- divergences of normals

H = Hypotheses(variables={"m1": REAL, "m2": REAL, "s1": POSITIVE, "s2": POSITIVE})
m1, m2, s1, s2 = (symbol(n) for n in ("m1", "m2", "s1", "s2"))
KL = kl(normal(m1, sq(s1)), normal(m2, sq(s2)))
GAP = add(sq(s1), sq(sub(m1, m2)))
holds("kl of normals", KL, "=", add(log(over(s2, s1)), over(GAP, mul(TWO, sq(s2))), neg(HALF)), H)
fails("kl of normals, wrong variance", KL, "=", add(log(over(s2, s1)), over(GAP, mul(TWO, sq(s1))), neg(HALF)), H)
fails("kl of normals, swapped", KL, "=", kl(normal(m2, sq(s2)), normal(m1, sq(s1))), H)
fails("kl of normals, half missing", KL, "=", add(log(over(s2, s1)), over(GAP, mul(TWO, sq(s2)))), H)
holds("kl is not negative", KL, ">=", ZERO, H)
fails("kl is at most one", KL, "<=", ONE, H)

N = "n"
V, M = vector_sort(N), matrix_sort(N, N)
HV = Hypotheses(
    variables={
        "m": Domain(V), "u": Domain(V), "t": Domain(V), "S": Domain(M, "positive_definite"),
        "Q": Domain(M, "positive_definite"), "A": Domain(M), "B": Domain(M), "C": Domain(M), "n": DIMENSION,
    }
)  # fmt: skip
m, u, t = (symbol(n, V) for n in ("m", "u", "t"))
S, Q, A, B, C = (symbol(n, M) for n in ("S", "Q", "A", "B", "C"))
n = symbol("n")
x = symbol("x", V)
d = sub(m, u)
QUADRATIC = mul(transpose(d), inverse(Q), d)
INNER = add(log(over(det(Q), det(S))), trace(mul(inverse(Q), S)), QUADRATIC, neg(n))
holds("kl of normal vectors", kl(normal(m, S), normal(u, Q)), "=", mul(HALF, INNER), HV)
fails("kl of normal vectors, determinants inverted", kl(normal(m, S), normal(u, Q)), "=",
      mul(HALF, add(log(over(det(S), det(Q))), trace(mul(inverse(Q), S)), QUADRATIC, neg(n))), HV)  # fmt: skip
fails("kl of normal vectors, dimension forgotten", kl(normal(m, S), normal(u, Q)), "=",
      mul(HALF, add(log(over(det(Q), det(S))), trace(mul(inverse(Q), S)), QUADRATIC)), HV)  # fmt: skip
ENTROPY = mul(HALF, add(mul(n, log(mul(TWO, PI, exp(ONE)))), log(det(S))))
holds("entropy of a normal vector", term("entropy", (normal(m, S),)), "=", ENTROPY, HV)
fails("entropy is not negative", term("entropy", (normal(m, S),)), ">=", ZERO, HV)
c = sub(x, m)
DENSITY = mul(
    power(mul(TWO, PI), mul(neg(HALF), n)), power(det(S), neg(HALF)), exp(mul(neg(HALF), transpose(c), inverse(S), c))
)
MGF = exp(add(mul(transpose(t), m), mul(HALF, transpose(t), S, t)))
holds("a normal density integrates to one", integral("x", DENSITY), "=", ONE, HV)
holds("moment generating function", expectation("x", normal(m, S), exp(mul(transpose(t), x))), "=", MGF, HV)
holds(
    "moment generating function, as an integral", integral("x", mul(DENSITY, exp(mul(transpose(t), x)))), "=", MGF, HV
)
fails("moment generating function, half missing", expectation("x", normal(m, S), exp(mul(transpose(t), x))), "=",
      exp(add(mul(transpose(t), m), mul(transpose(t), S, t))), HV)  # fmt: skip
holds("quadratic form", expectation("x", normal(m, S), mul(transpose(sub(x, u)), inverse(Q), sub(x, u))), "=",
      add(trace(mul(inverse(Q), S)), QUADRATIC), HV)  # fmt: skip

# ----------------------------------------------------------------------------------------------- traces, determinants

holds("trace is cyclic", trace(mul(A, B, C)), "=", trace(mul(B, C, A)), HV)
fails("trace is not symmetric in three", trace(mul(A, B, C)), "=", trace(mul(B, A, C)), HV)
fails("false cyclic step", trace(mul(transpose(u), inverse(Q), u)), "=",
      trace(mul(inverse(Q), mul(transpose(u), u))), HV)  # fmt: skip
holds("determinant of a product", det(mul(A, B)), "=", mul(det(A), det(B)), HV)
fails("determinant of a sum", det(add(S, Q)), "=", add(det(S), det(Q)), HV)
holds("inverse of a product", inverse(mul(S, Q)), "=", mul(inverse(Q), inverse(S)), HV)
fails("inverse of a product, order", inverse(mul(S, Q)), "=", mul(inverse(S), inverse(Q)), HV)
holds("gradient of a quadratic form", derivative(mul(transpose(u), A, u), "u", sort=V), "=",
      mul(add(A, transpose(A)), u), HV)  # fmt: skip
fails(
    "gradient of a quadratic form, not symmetric",
    derivative(mul(transpose(u), A, u), "u", sort=V),
    "=",
    mul(TWO, A, u),
    HV,
)

# ------------------------------------------------------------------------------------- arbitrary densities: the bound

SPACES = {"x": Space(), "z": Space()}
HF = Hypotheses(
    families={"p": Family(("x", "z")), "q": Family(("x", "z"))}, spaces=SPACES,
    space_of={"x": "x", "z": "z"}, variables={"x": Domain(), "z": Domain()},
)  # fmt: skip
xs, z = symbol("x"), symbol("z")
px_, pz_ = family("p", ("x",)), family("p", ("z",))
pzx, pxz, qzx = (
    family("p", ("z",), ("x",), (xs,)),
    family("p", ("x",), ("z",), (z,)),
    family("q", ("z",), ("x",), (xs,)),
)
pxz_joint = pdf(family("p", ("x", "z")), xs, z)
px, pz = pdf(px_, xs), pdf(pz_, z)
ELBO = sub(expectation("z", qzx, log(pdf(pxz, xs))), kl(qzx, pz_))
holds("elbo decomposition", sub(log(px), kl(qzx, pzx)), "=", ELBO, HF)
fails("elbo gap swapped", sub(log(px), kl(pzx, qzx)), "=", ELBO, HF)
fails("elbo gap to the prior", sub(log(px), kl(qzx, pz_)), "=", ELBO, HF)
holds("elbo is a bound", log(px), ">=", ELBO, HF)
fails("elbo is a bound, the other way", log(px), "<=", ELBO, HF)
holds("elbo by importance weights", ELBO, "=", expectation("z", qzx, log(over(pxz_joint, pdf(qzx, z)))), HF)
holds("marginal", px, "=", integral("z", mul(pdf(pxz, xs), pz)), HF)
holds("bayes", pdf(pzx, z), "=", over(mul(pdf(pxz, xs), pz), px), HF)
fails("bayes without the prior", pdf(pzx, z), "=", over(pdf(pxz, xs), px), HF)
fails("a density is at most one", px, "<=", ONE, HF)
fails("entropy of a density is not negative", term("entropy", (px_,)), ">=", ZERO, HF)
holds("importance sampling", expectation("z", qzx, over(mul(pdf(pxz, xs), pz), pdf(qzx, z))), "=", px, HF)
fails("log and expectation change places", expectation("z", pz_, log(pdf(pxz, xs))), "=", log(px), HF)
holds("jensen for the logarithm", expectation("z", pz_, log(pdf(pxz, xs))), "<=", log(px), HF)
holds("posterior is proportional to joint", pdf(pzx, z), "propto", pxz_joint, HF, proportional_in=("z",))
fails(
    "posterior is not proportional to the likelihood", pdf(pzx, z), "propto", pdf(pxz, xs), HF, proportional_in=("z",)
)
HDISCRETE = Hypotheses(
    families={"p": Family(("x",))}, spaces={"x": Space(discrete=True)}, space_of={"x": "x"}, variables={"x": Domain()}
)
holds("a mass is at most one", px, "<=", ONE, HDISCRETE)
holds("entropy of a discrete law is not negative", term("entropy", (px_,)), ">=", ZERO, HDISCRETE)

# ---------------------------------------------------------------------------------------------- discriminators

HD = Hypotheses(
    families={"pd": Family(("x",)), "pg": Family(("x",), pushforward=("G", "pz", "z")), "pz": Family(("z",))},
    spaces=SPACES, space_of={"x": "x", "z": "z"}, variables={"x": Domain()},
    functions={
        "D": Function(("x",), (SCALAR,), Domain(kind="unit")),
        "G": Function(("z",), (SCALAR,), Domain(), result_space="x"),
    },
)  # fmt: skip
pd, pg = family("pd", ("x",)), family("pg", ("x",))
D = call("D", [xs])
DG = call("D", [call("G", [z])])
fake = expectation("z", family("pz", ("z",)), log(sub(ONE, DG)))
VALUE = add(expectation("x", pd, log(D)), expectation("x", pg, log(sub(ONE, D))))
holds("unconscious statistician", fake, "=", expectation("x", pg, log(sub(ONE, D))), HD)
holds("unconscious statistician, as an integral", fake, "=", integral("x", mul(pdf(pg, xs), log(sub(ONE, D)))), HD)
fails("unconscious statistician, wrong law", fake, "=", expectation("x", pd, log(sub(ONE, D))), HD)
BEST = over(pdf(pd, xs), add(pdf(pd, xs), pdf(pg, xs)))
HBEST = Hypotheses(
    families=HD.families, spaces=SPACES, space_of=HD.space_of, variables=HD.variables, functions=HD.functions,
    conditions=(compare("=", D, BEST),),
)  # fmt: skip
LOG4 = neg(log(number(4)))
holds("value of the best discriminator", VALUE, "=", add(LOG4, mul(TWO, jsd(pd, pg))), HBEST)
fails("value of the best discriminator, one divergence", VALUE, "=", add(LOG4, jsd(pd, pg)), HBEST)
holds("the best discriminator is a bound", VALUE, "<=", add(LOG4, mul(TWO, jsd(pd, pg))), HD)
holds("divergence at most log 2", jsd(pd, pg), "<=", log(TWO), HD)
HEQUAL = Hypotheses(
    families={"pd": Family(("x",)), "pg": Family(("x",))}, spaces=SPACES, space_of=HD.space_of, variables=HD.variables,
    functions=HD.functions, conditions=(compare("=", D, BEST), compare("=", pdf(pd, xs), pdf(pg, xs))),
)  # fmt: skip
holds("equilibrium is one half", D, "=", HALF, HEQUAL)
holds("value at the equilibrium", VALUE, "=", LOG4, HEQUAL)
fails("value at the equilibrium, wrong sign", VALUE, "=", neg(LOG4), HEQUAL)

# ------------------------------------------------------------------------------------------- gradient estimators

theta = symbol("theta")
HG = Hypotheses(
    families={"q": Family(("z",), parameters=("theta",))}, spaces={"z": Space()}, space_of={"z": "z"},
    variables={"theta": REAL}, functions={"f": Function(("z",), (SCALAR,))},
)  # fmt: skip
q = family("q", ("z",), (), (), (theta,))
f = call("f", [z])
GRADIENT = derivative(expectation("z", q, f), "theta")
SCORE = derivative(log(pdf(q, z)), "theta")
holds("score function gradient", GRADIENT, "=", expectation("z", q, mul(f, SCORE)), HG)
holds("score has zero mean", expectation("z", q, SCORE), "=", ZERO, HG)
holds("log derivative", SCORE, "=", over(derivative(pdf(q, z), "theta"), pdf(q, z)), HG)
holds("derivative under the integral", GRADIENT, "=", integral("z", mul(f, derivative(pdf(q, z), "theta"))), HG)
fails("score function gradient as transcribed", integral("z", mul(derivative(pdf(q, z), "theta"), f)), "=",
      integral("z", mul(pdf(q, z), derivative(pdf(q, z), "theta"), f)), HG)  # fmt: skip
fails("gradient inside the expectation", GRADIENT, "=", expectation("z", q, derivative(f, "theta")), HG)
holds("information identity", expectation("z", q, sq(SCORE)), "=",
      neg(expectation("z", q, derivative(SCORE, "theta"))), HG)  # fmt: skip

HN = Hypotheses(variables={"mu": REAL, "s": POSITIVE}, functions={"f": Function((None,), (SCALAR,))})
mu, s, e = symbol("mu"), symbol("s"), symbol("e")
qn = normal(mu, sq(s))


def fn(a):
    return call("f", [a])


NORMAL_GRADIENT = derivative(expectation("z", qn, fn(z)), "mu")
MOVED = fn(add(mu, mul(s, e)))
holds("score function gradient of a normal", NORMAL_GRADIENT, "=",
      expectation("z", qn, mul(fn(z), derivative(log(pdf(qn, z)), "mu"))), HN)  # fmt: skip
holds("pathwise gradient", NORMAL_GRADIENT, "=", expectation("e", normal(ZERO, ONE), derivative(MOVED, "mu")), HN)
fails("pathwise gradient by the wrong parameter", NORMAL_GRADIENT, "=",
      expectation("e", normal(ZERO, ONE), derivative(MOVED, "s")), HN)  # fmt: skip
fails("a function of the mean", expectation("z", qn, fn(z)), "=", fn(mu), HN)
SECOND = derivative(derivative(fn(mu), "mu"), "mu")
fails("second order expansion is not exact", expectation("z", qn, fn(z)), "=",
      add(fn(mu), mul(HALF, sq(s), SECOND)), HN)  # fmt: skip
HR = Hypotheses(variables={"m": Domain(V), "w": Domain(V, "positive_vector"), "n": DIMENSION})
w = symbol("w", V)
REPARAMETERISED = term("pushforward", (normal(zeros(N), identity(N)), add(m, hadamard(w, x))), ("x",), LAW)
holds("reparameterisation in law", REPARAMETERISED, "=", normal(m, diag(sq(w))), HR)
fails("reparameterisation in law, variance for deviation", REPARAMETERISED, "=", normal(m, diag(w)), HR)

# --------------------------------------------------------------------------------------------------------- flows

xv, zv = symbol("x", V), symbol("z", V)
HFLOW = Hypotheses(
    variables={"x": Domain(V), "z": Domain(V), "n": DIMENSION}, spaces={"x": Space(V), "z": Space(V)},
    space_of={"x": "x", "z": "z"}, functions={"f": Function(("x",), (V,), Domain(V), result_space="z", bijection=True)},
    families={"px": Family(("x",)), "pz": Family(("z",), pushforward=("f", "px", "x"))},
)  # fmt: skip
fx = call("f", [xv], V)
back = call_inverse("f", [zv], V)
J = derivative(fx, "x", sort=V)
ABS = function("abs", det(J))


def p_x(a):
    return pdf(family("px", ("x",)), a)


def p_z(a):
    return pdf(family("pz", ("z",)), a)


holds("change of variables", p_x(xv), "=", mul(p_z(fx), ABS), HFLOW)
fails("change of variables, inverted", p_x(xv), "=", mul(p_z(fx), power(ABS, MINUS_ONE)), HFLOW)
fails("change of variables, no absolute value", p_x(xv), "=", mul(p_z(fx), det(J)), HFLOW)
holds("change of variables, other way", p_z(zv), "=",
      mul(p_x(back), function("abs", det(derivative(back, "z", sort=V)))), HFLOW)  # fmt: skip
holds("gram determinant", log(ABS), "=", mul(HALF, log(det(mul(transpose(J), J)))), HFLOW)
fails("gram determinant, half missing", log(ABS), "=", log(det(mul(transpose(J), J))), HFLOW)
holds("inverse undoes", call_inverse("f", [fx], V), "=", xv, HFLOW)
HZ = Hypotheses(
    variables=HFLOW.variables, spaces=HFLOW.spaces, space_of=HFLOW.space_of, functions=HFLOW.functions,
    families=HFLOW.families, conditions=(compare("=", zv, fx),),
)  # fmt: skip
holds("change of variables with z = f(x)", p_x(xv), "=",
      mul(p_z(zv), function("abs", det(derivative(zv, "x", sort=V)))), HZ)  # fmt: skip
a_, b_, c_, z1, z2 = (symbol(k) for k in ("a", "b", "c", "z1", "z2"))
HC = Hypotheses(variables={k: Domain() for k in ("a", "b", "c", "z1", "z2")})
SCALE = add(mul(a_, z1), b_)
COUPLING = matrix(2, 1, [z1, add(mul(z2, exp(SCALE)), mul(c_, z1))])
holds("coupling layer", log(function("abs", det(derivative(COUPLING, "z1", "z2")))), "=", SCALE, HC)
fails(
    "coupling layer, exponential kept", log(function("abs", det(derivative(COUPLING, "z1", "z2")))), "=", exp(SCALE), HC
)

# ------------------------------------------------------------------------------------- linear variational autoencoder

X, Z = vector_sort("d"), vector_sort("k")
xd, zd = symbol("x", X), symbol("z", Z)
U, W, SZ = symbol("U", matrix_sort("d", "k")), symbol("W", matrix_sort("k", "d")), symbol("S", matrix_sort("k", "k"))
ed, ee, kk, dd = symbol("ed"), symbol("ee"), symbol("k"), symbol("d")
HL = Hypotheses(
    variables={
        "x": Domain(X), "z": Domain(Z), "U": Domain(U.sort), "W": Domain(W.sort),
        "S": Domain(SZ.sort, "positive_definite"), "ed": POSITIVE, "ee": POSITIVE, "d": DIMENSION, "k": DIMENSION,
    },
    spaces={"x": Space(X), "z": Space(Z)}, space_of={"x": "x", "z": "z"},
    families={
        "p": Family(("x", "z"), {
            (("x",), ("z",)): normal(mul(U, zd), mul(sq(ed), identity("d"))),
            (("z",), ()): normal(zeros("k"), mul(sq(ee), identity("k"))),
        }),
        "q": Family(("x", "z"), {(("z",), ("x",)): normal(mul(W, xd), SZ)}),
    },
)  # fmt: skip
lq, lpxz, lpzx = (
    family("q", ("z",), ("x",), (xd,)),
    family("p", ("x",), ("z",), (zd,)),
    family("p", ("z",), ("x",), (xd,)),
)
lpx, lpz = family("p", ("x",)), family("p", ("z",))
r = sub(xd, mul(U, W, xd))
FIT = mul(power(mul(TWO, sq(ed)), MINUS_ONE), add(sq(norm(r)), trace(mul(U, SZ, transpose(U)))))
RECONSTRUCTION = sub(mul(neg(HALF), dd, log(mul(TWO, PI, sq(ed)))), FIT)
LINEAR_ELBO = sub(expectation("z", lq, log(pdf(lpxz, xd))), kl(lq, lpz))
holds("linear reconstruction", expectation("z", lq, log(pdf(lpxz, xd))), "=", RECONSTRUCTION, HL)
fails("linear reconstruction, trace missing", expectation("z", lq, log(pdf(lpxz, xd))), "=",
      sub(mul(neg(HALF), dd, log(mul(TWO, PI, sq(ed)))), over(sq(norm(r)), mul(TWO, sq(ed)))), HL)  # fmt: skip
EVIDENCE = normal(zeros("d"), add(mul(sq(ee), U, transpose(U)), mul(sq(ed), identity("d"))))
holds("linear evidence", pdf(lpx, xd), "=", pdf(EVIDENCE, xd), HL)
POSTERIOR = inverse(add(mul(power(ed, neg(TWO)), transpose(U), U), mul(power(ee, neg(TWO)), identity("k"))))
holds(
    "linear posterior",
    pdf(lpzx, zd),
    "=",
    pdf(normal(mul(power(ed, neg(TWO)), POSTERIOR, transpose(U), xd), POSTERIOR), zd),
    HL,
)
fails("linear posterior without the prior", pdf(lpzx, zd), "=",
      pdf(normal(mul(W, xd), SZ), zd), HL)  # fmt: skip
holds("linear elbo decomposition", sub(log(pdf(lpx, xd)), kl(lq, lpzx)), "=", LINEAR_ELBO, HL)
GRADIENT_W = sub(
    mul(power(ed, neg(TWO)), transpose(U), r, transpose(xd)), mul(power(ee, neg(TWO)), W, xd, transpose(xd))
)
holds("linear gradient by W", derivative(LINEAR_ELBO, "W", sort=W.sort), "=", GRADIENT_W, HL)
fails("linear gradient by W, transposed", derivative(LINEAR_ELBO, "W", sort=W.sort), "=", mul(TWO, GRADIENT_W), HL)

# ----------------------------------------------------------------------------------- discrete laws, Jensen, definedness

k = symbol("k")
HB = Hypotheses(variables={"x": Domain(kind="binary"), "k": Domain(kind="unit")})
BERNOULLI = log(pdf(law("bernoulli", k), xs))
holds("bernoulli likelihood", BERNOULLI, "=", add(mul(xs, log(k)), mul(sub(ONE, xs), log(sub(ONE, k)))), HB)
fails("bernoulli likelihood, x and k exchanged", BERNOULLI, "=",
      add(mul(k, log(xs)), mul(sub(ONE, k), log(sub(ONE, xs)))), HB)  # fmt: skip
HJ = Hypotheses(variables={"a": POSITIVE}, functions={"f": Function((None,), (SCALAR,), convex=True)})
CHOICE = law("uniform_choice", ONE, symbol("a"), number(3))
y = symbol("y")
holds("jensen", fn(expectation("y", CHOICE, y)), "<=", expectation("y", CHOICE, fn(y)), HJ)
fails("jensen, the other way", fn(expectation("y", CHOICE, y)), ">=", expectation("y", CHOICE, fn(y)), HJ)
rate, other = symbol("rate"), symbol("other")
HP = Hypotheses(variables={"rate": POSITIVE, "other": POSITIVE, "N": DIMENSION})
holds("second moment of poisson", expectation("y", law("poisson", rate), sq(y)), "=", add(rate, sq(rate)), HP)
holds("kl of exponentials", kl(law("exponential", rate), law("exponential", other)), "=",
      add(log(over(rate, other)), over(other, rate), MINUS_ONE), HP)  # fmt: skip
holds(
    "variance of a uniform",
    term("variance", (law("uniform", ZERO, rate), y), ("y",)),
    "=",
    over(sq(rate), number(12)),
    HP,
)
holds("sum of the first numbers", sum_over("i", symbol("i"), ONE, symbol("N")), "=",
      mul(HALF, symbol("N"), add(symbol("N"), ONE)), HP)  # fmt: skip
fails("sum of the first numbers, one less", sum_over("i", symbol("i"), ONE, symbol("N")), "=",
      mul(HALF, symbol("N"), sub(symbol("N"), ONE)), HP)  # fmt: skip
