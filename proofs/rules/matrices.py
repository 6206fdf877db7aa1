"""Traces, determinants, inverses, diagonal matrices, norms, entries."""

from functools import partial

from proofs.rules.language import rule

HORN = "Horn and Johnson, Matrix Analysis, ch. 0"
theorem = partial(rule, source=HORN)
calculation = partial(rule, source=HORN, kind="calculation")
definition = partial(rule, source=HORN, kind="definition")

RULES = (
    calculation("trace.linear", "(tr (+ (* cs As) ...)) = (+ (* cs (tr As)) ...)", says="The trace is linear."),
    theorem("trace.cyclic", "(tr (* A B)) = (tr (* B A))", says="tr AB = tr BA."),
    calculation("trace.transpose", "(tr A) = (tr (T A))", says="tr A = tr A^T."),
    calculation("trace.scalar", "(tr a) = (scalar a)", says="The trace of a scalar is the scalar."),
    calculation("trace.identity", "(tr (eye A)) = (dim A)", says="tr I_n = n."),
    calculation("trace.diag", "(tr (diag v)) = (sum i (entry v i) 1 (dim v))", says="The trace of a diagonal matrix."),
    theorem("det.product", "(det (* As ...)) = (* (det As) ...)", "square_matrix As",
            says="det AB = det A det B for square matrices."),
    theorem("det.sylvester", "(det (+ (eye (* A B)) (* A B))) = (det (+ (eye (* B A)) (* B A)))",
            says="det(I + AB) = det(I + BA), also where A and B are not square.",
            source="Harville, Matrix Algebra From a Statistician's Perspective, Corollary 18.1.2"),
    theorem("det.transpose", "(det (T A)) = (det A)", says="det A^T = det A."),
    calculation("det.scale", "(det (* c A)) = (* (^ c (dim A)) (det A))", "positive (scalar c)",
                says="det cA = c^n det A."),
    calculation("det.scalar", "(det a) = (scalar a)", says="The determinant of a 1 x 1 matrix."),
    calculation("det.two", "(det (matrix 2 2 a b c d)) = (+ (* a d) (* -1 b c))", says="A 2 x 2 determinant."),
    calculation("det.three", "(det (matrix 3 3 a b c d e f g h i)) = (+ (* a e i) (* b f g) (* c d h) (* -1 c e g) "
                "(* -1 b d i) (* -1 a f h))", says="A 3 x 3 determinant."),
    calculation("det.diag", "(det (diag v)) = (product i (entry v i) 1 (dim v))",
                says="The determinant of a diagonal matrix."),
    definition("inverse.after", "(* A (inv A)) = (eye A)", "invertible A", says="A A^-1 = I."),
    definition("inverse.before", "(* (inv A) A) = (eye A)", "invertible A", says="A^-1 A = I."),
    calculation("inverse.inverse", "(inv (inv A)) = A", "invertible A", says="(A^-1)^-1 = A."),
    calculation("inverse.diag", "(inv (diag v)) = (diag (^ v -1))", "invertible (diag v)",
                says="The inverse of a diagonal matrix."),
    calculation("hadamard.diag", "(hadamard u v) = (* (diag u) v)", says="u o v = diag(u) v for vectors."),
    calculation("hadamard.commute", "(hadamard u v) = (hadamard v u)", says="u o v = v o u."),
    calculation("diag.square", "(diag (^ v 2)) = (* (diag v) (diag v))", says="diag(v^2) = diag(v)^2."),
    calculation("diag.hadamard", "(diag (hadamard u v)) = (* (diag u) (diag v))",
                says="diag(u o v) = diag(u) diag(v)."),
    definition("norm.root", "(norm x) = (^ (* (T x) x) 1/2)", says="|x| is the root of x^T x."),
    calculation("inner.sum", "(* (T x) y) = (sum i (* (entry x i) (entry y i)) 1 (dim x))",
                says="An inner product as a sum."),
    calculation("entry.linear", "(entry (+ (* cs As) ...) i) = (+ (* cs (entry As i)) ...)",
                says="Entries are linear."),
    calculation("entry.power", "(entry (^ v k) i) = (^ (entry v i) k)", says="Powers of a vector are elementwise."),
    calculation("entry.diag", "(entry (diag v) i i) = (entry v i)", says="The diagonal of a diagonal matrix."),
    calculation("entry.diag_times", "(entry (* (diag v) x) i) = (* (entry v i) (entry x i))",
                says="A diagonal matrix times a vector, entry by entry."),
    calculation("entry.zero", "(entry (zeros_of A) i) = 0", says="The entries of zero."),
    calculation("entry.ones", "(entry (ones_of A) i) = 1", says="The entries of the vector of ones."),
    calculation("entry.identity", "(entry (eye A) i i) = 1", says="The diagonal of the identity."),
)  # fmt: skip
