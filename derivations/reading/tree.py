"""The written tree: a formula as its author wrote it, before anything is understood.

The grammar (`grammar.lark`, `parser.py`) makes these nodes and decides nothing that depends on what a letter means:
whether ``a(b+c)`` applies or multiplies, how far ``\\log`` reaches, whether ``^T`` transposes or raises.  That is done
later, with the declarations at hand.  Every node has its span in the formula's source.
"""

from __future__ import annotations

from dataclasses import dataclass, field

Span = tuple[int, int]


@dataclass(frozen=True)
class Node:
    span: Span = field(compare=False)


@dataclass(frozen=True)
class Number(Node):
    """A decimal literal, as written: '2', '0.5'."""

    text: str


@dataclass(frozen=True)
class Name(Node):
    """A letter, a command or a word: 'x', 'sigma', 'log', 'KL', 'ELBO', 'E' (\\mathbb E has font 'bb').

    ``font``: '', 'bb', 'cal', 'bf', 'rm', 'sf', 'frak', 'tt' (bf covers \\mathbf, \\boldsymbol, \\bm, \\textbf;
    rm covers \\mathrm, \\operatorname, \\text around a word, and known function words).  ``accents``, the innermost
    first: 'hat', 'bar', 'tilde', 'vec', 'dot', 'ddot', 'underline', 'check', 'breve', 'ring', ...
    \\arg\\max is one name, 'argmax'.  \\cdot or * alone in brackets (a place holder) is the name 'cdot'; a sign that
    is a whole script (A^+, Z_{++}) and a star below (x_*) are names of that text.
    Greek letters keep their command's name ('varepsilon' and 'varphi' are told apart from 'epsilon' and 'phi').
    """

    text: str
    font: str = ""
    accents: tuple[str, ...] = ()


@dataclass(frozen=True)
class Script(Node):
    """Base with subscript and superscript; primes and stars are kept apart from a power.

    ``under``/``over`` are what \\underset, \\limits or \\overset put below and above.  x'' has primes=2; x^* and
    x^\\star have star=True; both may go with a superscript.  An accent over more than one letter (\\overline{xy}) is
    ``over`` with a Name of font 'accent'.
    """

    base: Node
    sub: Node | None = None
    sup: Node | None = None
    primes: int = 0
    star: bool = False
    under: Node | None = None
    over: Node | None = None


@dataclass(frozen=True)
class Group(Node):
    """Something in delimiters.  ``open``/``close``: '(', ')', '[', ']', '{', '}' (written \\{ \\}), '|', '||',
    'floor', 'ceil', '<' with '>', '[[' with ']]', '' (an invisible \\left.).  TeX braces that only group are not
    kept: {a b} beside something is the Sequence a, b as one item of it.

    ``parts`` are separated by ``separators``: ',', ';', '|' (conditioning bar, also \\mid and \\vert), '||' (\\|,
    \\parallel, two bars), ':' .  Inside '|..|' and '||..||' there is one part.  A list without delimiters (\\mu,
    \\Sigma = g(x); x_{i,j}; the rows of \\substack) has '' for both, and no parts stands for nothing: f(), or the
    left of y_{<t}.
    """

    open: str
    close: str
    parts: tuple[Node, ...]
    separators: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sequence(Node):
    """Things written beside each other, with nothing or a multiplication sign between them.

    ``signs[i]`` stands between items[i] and items[i+1]: '' (juxtaposition), '*' (\\cdot, *), 'x' (\\times), '/'
    (slash, \\div), 'odot', 'circ', 'otimes', 'oplus', 'cap', 'cup', 'setminus', 'and', 'or', 'mod'.  Two items at
    least.
    """

    items: tuple[Node, ...]
    signs: tuple[str, ...]


@dataclass(frozen=True)
class Sum(Node):
    """Signed terms: ``signs[i]`` is '+', '-', '+-' or '-+' before terms[i]; a leading plus is kept as ''."""

    terms: tuple[Node, ...]
    signs: tuple[str, ...]


@dataclass(frozen=True)
class Fraction(Node):
    """\\frac{a}{b}, {a \\over b}; also \\dfrac, \\tfrac, \\nicefrac.  A slash is kept in a Sequence."""

    numerator: Node
    denominator: Node


@dataclass(frozen=True)
class Root(Node):
    body: Node
    degree: Node | None = None


@dataclass(frozen=True)
class BigOperator(Node):
    """\\sum, \\prod, \\int (with its limits), alone: what it reaches is decided later.

    ``kind``: 'sum', 'product', 'integral'.  \\iint is two integrals beside each other.
    """

    kind: str
    sub: Node | None = None
    sup: Node | None = None


@dataclass(frozen=True)
class Differential(Node):
    """dx, \\mathrm d x, d\\mathbf z, d^n x: only where the lexer is sure (after a roman d, or 'd' + letter while an
    integral before it has none yet); in a derivative written as a fraction d stays a Name.  ``power`` is the n of
    d^n x. A measure dP(x) has the Sequence P, Group(x) as its variable."""

    variable: Node
    power: Node | None = None


@dataclass(frozen=True)
class Evaluated(Node):
    """The bar of f(x)|_{x=0} and [..]|_a^b, an item of a Sequence behind what is evaluated: how much that is, is
    decided later.  \\left. f \\right|_{x=0} is the Sequence of Group('', '', (f,)) and this."""

    sub: Node | None = None
    sup: Node | None = None


@dataclass(frozen=True)
class Binomial(Node):
    """\\binom{n}{k}, {n \\choose k}."""

    upper: Node
    lower: Node


@dataclass(frozen=True)
class Unreadable(Node):
    """A side that the grammar refused, so that the other relations of its chain keep their meaning: ``place``
    (offset in the formula's source) and what was expected there."""

    place: int
    expected: str


@dataclass(frozen=True)
class Matrix(Node):
    """matrix, pmatrix, bmatrix, vmatrix, array; ``fence`` is '', '(', '[', '|', '||', '{'."""

    fence: str
    rows: tuple[tuple[Node, ...], ...]


@dataclass(frozen=True)
class Cases(Node):
    """cases: (value, condition as Node or text or None)."""

    rows: tuple[tuple[Node, Node | str | None], ...]


@dataclass(frozen=True)
class Decorated(Node):
    """\\underbrace{body}_{note}, \\overbrace, \\boxed (note None), \\color{..}: the note is not mathematics to
    check."""

    body: Node
    note: Node | str | None = None


@dataclass(frozen=True)
class Text(Node):
    """\\text{...} that is prose, inside a formula."""

    text: str


@dataclass(frozen=True)
class Dots(Node):
    """\\dots, \\cdots, \\ldots, '...'."""


@dataclass(frozen=True)
class Infix(Node):
    """A statement inside a formula, where it is not the outermost relation: x \\sim p, i=1, z \\in Z, x \\to y.

    ``rel`` as in `Link`.  0 < x < 1 nests to the left.
    """

    left: Node
    rel: str
    right: Node


@dataclass(frozen=True)
class Factorial(Node):
    body: Node


@dataclass(frozen=True)
class Side:
    """One side of a relation: its tree, and its source from ``span`` (offsets in the formula's source).

    ``mends``: a bracket is missing, and these are the ways to supply it.  The tree is that of the only one; where there
    are several it is `Unreadable`, and a reader chooses.
    """

    tree: Node
    span: Span
    mends: tuple[Mend, ...] = ()


@dataclass(frozen=True)
class Supplied:
    """A bracket of a side that was supplied.

    ``bracket`` stands alone at ``known``, and its partner was put at ``place`` (offsets in the formula's source).
    ``way``: 'closed', 'opened', or 'paired' with one of another kind there.  ``parts`` is a letter that the new bracket
    parts from the brackets behind it, q of log(q and (z): no function.
    """

    bracket: str
    known: int
    way: str
    place: int
    parts: str = ""


@dataclass(frozen=True)
class Mend:
    """One way to supply what a side lacks, and the side's tree then."""

    supplied: tuple[Supplied, ...]
    tree: Node


@dataclass(frozen=True)
class Link:
    """A relation sign, where it stands, and the side after it.

    ``rel``: one of `RELATION_SIGNS`, or '~', 'in', 'notin', 'to', 'mapsto', 'gets', '!=', 'subset', 'supset', 'ni',
    'perp', 'iff', 'implies', '<<', '>>', 'succ', 'succeq', 'prec', 'preceq', 'approx<=', 'approx>='; and what an
    author marks over the sign: '=d' equal in law, '=c' equal up to a constant, '=?' a question.  A '!' before a sign
    negates it.
    """

    rel: str
    span: Span
    side: Side


@dataclass(frozen=True)
class Chain:
    """``first`` rel side rel side ...; ``first`` is None where the row begins with a relation sign and so continues
    the row or the display before it.  ``lead`` is what joins it to what stands before:
    'implies' (\\Rightarrow, \\therefore), 'iff', 'because', 'for all', 'there is', or prose as written."""

    first: Side | None
    links: tuple[Link, ...]
    lead: str = ""


@dataclass(frozen=True)
class Unread:
    """A part of a formula that could not be read: where, and what was expected there."""

    span: Span
    place: int
    expected: str
    # whole relation signs seen in the part, to report each relation unread: (lhs span, sign, span, rhs span)
    relations: tuple[tuple[Span, str, Span, Span], ...] = ()


RELATION_SIGNS = ("=", "<=", ">=", "<", ">", "propto", "approx", ":=", "=c")
