"""The notation that the reader knows: what each command, word and character is, with no regard to context.

Readable tables only.  What depends on the neighbours (bars, differentials, a relation inside a group) is decided in
`lexer.py`; what a name means, in `meaning.py`.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Function and operator words.  Typed plainly (`logD(x)`, `KL(p||q)`) or as a command, each is one upright name.
FUNCTION_WORDS = _words("""
    log ln lg exp sin cos tan cot sec csc sinh cosh tanh coth arcsin arccos arctan erf
    max min sup inf lim limsup liminf arg argmax argmin det dim ker deg gcd rank tr Tr trace Trace diag Diag vec
    sign sgn sigmoid softmax softplus relu ReLU
    Pr Var var Cov cov Corr corr std KL KLD JS JSD TV ELBO MMD MSE const
    Bern Ber Bernoulli Unif Uniform Normal Cat Categorical Exp Exponential Gamma Beta Poisson Laplace Dirichlet Dir
    Multinomial Binomial
    """)
# As part of a longer run of letters, these are read only at its start or after another word: `tr` may be t times r.
# (`ln` is read everywhere; `vec`, `var`, `cov`, `std`, `Cat`, ... only alone.)
SHORT_WORDS = _words("tr Tr KL JS TV Pr lg Ber Exp Dir")
ALONE_WORDS = _words("vec var cov std corr Cat Beta Gamma Normal deg dim gcd ker sec rank Laplace lg")

# Commands of TeX that are function names; any other function word is accepted as a command too, if no argument
# in braces follows it (then it is an author's macro that we do not have).
OPERATOR_COMMANDS = _words("""
    log ln lg exp sin cos tan cot sec csc sinh cosh tanh coth arcsin arccos arctan max min sup inf lim limsup liminf
    arg det dim ker deg gcd Pr hom
    """)

GREEK = _words("""
    alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa varkappa lambda mu nu xi omicron
    pi varpi
    rho varrho sigma varsigma tau upsilon phi varphi chi psi omega digamma
    Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega
    """)
SYMBOLS = GREEK | _words(
    "nabla partial infty ell hbar imath jmath Re Im aleph emptyset varnothing top bot prime dagger ddagger "
    "complement bullet square Box triangle Delta wp degree bigcup bigcap bigoplus bigotimes bigvee bigwedge coprod "
    "neg lnot uparrow downarrow"
)
VARIANT_GREEK = {
    "varGamma": "Gamma", "varDelta": "Delta", "varTheta": "Theta", "varLambda": "Lambda", "varSigma": "Sigma",
    "varPhi": "Phi", "varPsi": "Psi", "varOmega": "Omega", "intercal": "top", "mathbbm1": "1", "triangledown": "nabla",
}  # fmt: skip

# The relation signs, as `tree.Link.rel` and `tree.Infix.rel` name them.
RELATIONS = {
    "=": "=", "equiv": "=", "==": "=", "=:": "=", "eqqcolon": "=",
    ":=": ":=", "coloneqq": ":=", "coloneq": ":=", "triangleq": ":=", "doteq": ":=", "defeq": ":=", "eqdef": ":=",
    "le": "<=", "leq": "<=", "leqslant": "<=", "leqq": "<=", "<=": "<=", "lesssim": "approx<=",
    "ge": ">=", "geq": ">=", "geqslant": ">=", "geqq": ">=", ">=": ">=", "gtrsim": "approx>=",
    "<": "<", "lt": "<", ">": ">", "gt": ">", "ll": "<<", "gg": ">>",
    "approx": "approx", "simeq": "approx", "approxeq": "approx", "cong": "approx", "thickapprox": "approx",
    "propto": "propto", "varpropto": "propto",
    "sim": "~", "backsim": "~", "thicksim": "~",
    "in": "in", "notin": "notin", "ni": "ni", "subset": "subset", "subseteq": "subset", "supset": "supset",
    "supseteq": "supset",
    "to": "to", "rightarrow": "to", "longrightarrow": "to", "->": "to", "mapsto": "mapsto", "longmapsto": "mapsto",
    "gets": "gets", "leftarrow": "gets", "longleftarrow": "gets", "rightsquigarrow": "to", "leadsto": "to",
    "hookrightarrow": "to", "leftrightarrow": "iff",
    "ne": "!=", "neq": "!=", "perp": "perp", "Perp": "perp", "upmodels": "perp", "bot": "perp",
    "succ": "succ", "succeq": "succeq", "prec": "prec", "preceq": "preceq",
}  # fmt: skip
NEGATED = {
    "=": "!=",
    "in": "notin",
    "~": "!~",
    "approx": "!approx",
    "<": ">=",
    ">": "<=",
    "<=": ">",
    ">=": "<",
    "perp": "!perp",
}
ARROWS_WITH_LABELS = {
    "xrightarrow": "to",
    "xleftarrow": "gets",
    "xmapsto": "mapsto",
    "xRightarrow": "implies",
    "xlongequal": "=",
}
# What joins two statements: the lead of the second.
CONSEQUENCES = {
    "Rightarrow": "implies", "implies": "implies", "Longrightarrow": "implies", "therefore": "implies",
    "=>": "implies",
    "Leftrightarrow": "iff", "Longleftrightarrow": "iff", "iff": "iff",
    "Leftarrow": "because", "Longleftarrow": "because", "impliedby": "because", "because": "because",
}  # fmt: skip
QUANTIFIERS = {"forall": "for all", "exists": "there is"}
# What an author writes above an equality sign to say that it is a definition, a question, an equality in law or
# one up to a constant; anything else ("(a)", "Jensen", "!") labels the step.
MARKS_OVER_EQUALITY = {
    "def": ":=", "def.": ":=", "Delta": ":=", "triangle": ":=", "definition": ":=", ":": ":=", "Def": ":=",
    "bigtriangleup": ":=", "vartriangle": ":=",
    "?": "=?", "d": "=d", "D": "=d", "law": "=d", "dist": "=d", "dist.": "=d", "c": "=c", "+": "=c", "C": "=c",
    "const": "=c", "const.": "=c", "constant": "=c",
}  # fmt: skip

PRODUCT_SIGNS = {
    "*": "*", "cdot": "*", "ast": "*", "times": "x", "/": "/", "div": "/", "odot": "odot", "circ": "circ",
    "otimes": "otimes", "oplus": "oplus", "cdotp": "*", "bigodot": "odot",
    "cap": "cap", "cup": "cup", "setminus": "setminus", "land": "and", "wedge": "and", "lor": "or", "vee": "or",
    "backslash": "setminus", "bmod": "mod", "slash": "/",
}  # fmt: skip
BIG_OPERATORS = {
    "sum": ("sum",), "prod": ("product",), "int": ("integral",), "iint": ("integral",) * 2,
    "iiint": ("integral",) * 3,
    "intop": ("integral",), "smallint": ("integral",),
}  # fmt: skip
DOTS = _words("dots cdots ldots vdots ddots dotsc dotsb dotsm dotsi dotso hdots")

FONTS = {
    "mathbb": "bb", "Bbb": "bb", "mathbbm": "bb", "mathds": "bb", "mathcal": "cal", "mathscr": "cal", "cal": "cal",
    "mathbf": "bf", "boldsymbol": "bf", "bm": "bf", "pmb": "bf", "textbf": "bf", "symbf": "bf", "bold": "bf",
    "boldmath": "bf",
    "mathbfit": "bf", "mathbfsf": "bf", "bs": "bf",
    "mathrm": "rm", "operatorname": "rm", "operatorname*": "rm", "textup": "rm", "textrm": "rm", "mathop": "",
    "mathsf": "sf", "textsf": "sf", "mathfrak": "frak", "mathtt": "tt", "texttt": "tt",
    "mathit": "", "mathnormal": "", "textit": "", "emph": "", "symup": "rm", "mathrel": "", "mathbin": "",
    "mathord": "",
    "mathopen": "", "mathclose": "", "mathinner": "", "mathpunct": "", "vcenter": "", "ensuremath": "",
    "smash": "", "mathstrut": "", "lefteqn": "", "mathllap": "", "mathrlap": "", "mathclap": "",
}  # fmt: skip
SWITCHES = {"rm": "rm", "bf": "bf", "it": "", "sf": "sf", "tt": "tt", "bfseries": "bf", "sl": "", "mit": ""}
# Commands that only place or class what stands in their braces.
PLACING = _words("""
    mathrel mathbin mathord mathopen mathclose mathinner mathpunct ensuremath smash vcenter lefteqn mathllap mathrlap
    mathclap
    """)
# Fonts in which letters side by side are one word; in bold italic (\boldsymbol{Wx}) they stay a product.
WORD_FONTS = frozenset({"rm", "sf", "tt", "bb", "cal", "frak"})
TEXT_COMMANDS = _words(
    "text mbox textnormal hbox textrm textup intertext shortintertext texttt textsf textit emph textbf"
)
ACCENTS = {
    "hat": "hat", "widehat": "hat", "bar": "bar", "overline": "bar", "tilde": "tilde", "widetilde": "tilde",
    "vec": "vec",
    "overrightarrow": "vec", "dot": "dot", "ddot": "ddot", "underline": "underline", "check": "check",
    "breve": "breve",
    "acute": "acute", "grave": "grave", "mathring": "ring", "underbar": "underline", "utilde": "undertilde",
}  # fmt: skip
FRACTIONS = _words("frac dfrac tfrac cfrac nicefrac sfrac")
BINOMIALS = _words("binom dbinom tbinom")
DECORATIONS = _words("underbrace overbrace boxed cancel bcancel xcancel fbox underbracket overbracket")

OPENING = {
    "(": "(", "[": "[", "lbrack": "[", "{": "{", "lbrace": "{", "langle": "<", "lfloor": "floor", "lceil": "ceil",
    "lvert": "|", "lVert": "||", "lparen": "(", "llbracket": "[[", "lgroup": "(",
}  # fmt: skip
CLOSING = {
    ")": ")", "]": "]", "rbrack": "]", "}": "}", "rbrace": "}", "rangle": ">", "rfloor": "floor", "rceil": "ceil",
    "rvert": "|", "rVert": "||", "rparen": ")", "rrbracket": "]]", "rgroup": ")",
}  # fmt: skip
CLOSER_OF = {"(": ")", "[": "]", "{": "}", "<": ">", "floor": "floor", "ceil": "ceil", "|": "|", "||": "||", "[[": "]]"}
BARS = {"|": "|", "vert": "|", "\\|": "||", "Vert": "||"}
SIZES = frozenset(
    f"{size}{side}" for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r", "m")
)  # \bigl( is its delimiter

# Rows and columns.
MATRICES = {
    "matrix": "", "pmatrix": "(", "bmatrix": "[", "Bmatrix": "{", "vmatrix": "|", "Vmatrix": "||", "smallmatrix": "",
    "psmallmatrix": "(", "bsmallmatrix": "[", "vsmallmatrix": "|", "array": "", "tabular": "",
}  # fmt: skip
CASES = _words("cases dcases rcases drcases numcases")
TRANSPARENT = _words("""
    aligned split gathered alignedat align align* equation equation* gather gather* multline multline* eqnarray
    eqnarray*
    alignat alignat* flalign flalign* displaymath math dmath dmath* multlined lgathered rgathered subequations
    """)
STACKS = frozenset({"subarray"})
PLAIN_ROWS = {"matrix": "matrix", "pmatrix": "pmatrix", "cases": "cases", "bmatrix": "bmatrix"}

# No meaning at all: dropped.  With the number of arguments in braces that go with it.
SPACING = {
    ",": 0, ";": 0, ":": 0, ">": 0, "!": 0, " ": 0, "\n": 0, "\t": 0, "/": 0, "-": 0, "thinspace": 0,
    "medspace": 0, "thickspace": 0,
    "enspace": 0, "negthinspace": 0, "negmedspace": 0, "negthickspace": 0, "nobreakspace": 0, "space": 0,
    "hspace": 1, "hspace*": 1,
    "vspace": 1, "vspace*": 1, "phantom": 1, "hphantom": 1, "vphantom": 1, "displaystyle": 0, "textstyle": 0,
    "scriptstyle": 0, "scriptscriptstyle": 0, "nonumber": 0, "notag": 0, "label": 1, "tag": 1, "tag*": 1,
    "strut": 0, "allowbreak": 0,
    "nobreak": 0, "hfill": 0, "hfil": 0, "footnote": 1, "footnotemark": 0, "noindent": 0, "centering": 0,
    "small": 0, "large": 0,
    "Large": 0, "footnotesize": 0, "normalsize": 0, "scriptsize": 0, "tiny": 0, "limitsnone": 0, "require": 1,
    "relax": 0,
    "hline": 0, "smallskip": 0, "medskip": 0, "bigskip": 0, "normalfont": 0, "unskip": 0, "ignorespaces": 0,
    "displaylimits": 0,
    "nolimits": 0, "protect": 0, "null": 0, "allowdisplaybreaks": 0, "pagebreak": 0, "nopagebreak": 0, "Huge": 0,
    "huge": 0, "LARGE": 0,
    "qedhere": 0, "qed": 0, "blacksquare": 0,
    "raggedright": 0, "hskip": 0, "kern": 0, "mkern": 0, "mskip": 0, "mathsurround": 0,
    "!*": 0, "mathsize": 0,
}  # fmt: skip

# Prose in a formula, when \text or \mathrm has a single word (longer texts are prose anyway).
PROSE_WORDS = _words("""
    where and or if for when with then so thus hence since because otherwise else as by is are let such that while
    given assume
    suppose therefore recall using note here whenever unless iff i.e. e.g. s.t. st. w.r.t. i.i.d. iid from also but
    note: case all
    be has have denotes denote means equals represents at on of to in the a an any every each some this that which
    after before under until we get obtain not except respectively resp. now finally since therefore because hence
    subject
    und oder wenn falls sonst mit wobei also daher für fuer sei et ou si avec donc où sinon pour car y o con donde
    para entonces pues
    se e com onde então как где если и при или для тогда иначе 其中 因此 所以 且 则 当 若 如果 如果是 否则 和 或 及
    """)

# Between two expressions these are operators, or make a list.
JOINING_WORDS = _words("and or xor nor mod und oder et ou y o e и или 和 或 及")
AND_WORDS = _words("and und et y e и 和 及")
# Between two relations of equal rank: what the next row continues is the second one, not the first.
CONJUNCTIONS = _words("""
    and or so thus hence then therefore und oder also daher et ou donc alors y o entonces e com и или тогда 且 和 或 及
    因此 所以 则
    """)

# Characters of other keyboards, as the command or character that they stand for.
CHARACTERS = {
    "−": "-", "–": "-", "×": "\\times", "·": "\\cdot", "⋅": "\\cdot", "÷": "\\div", "∗": "*", "∘": "\\circ",
    "⊙": "\\odot",
    "⊗": "\\otimes", "≤": "\\le", "≥": "\\ge", "≠": "\\ne", "≈": "\\approx", "≡": "\\equiv", "∝": "\\propto",
    "∼": "\\sim",
    "∈": "\\in", "∉": "\\notin", "→": "\\to", "↦": "\\mapsto", "⇒": "\\Rightarrow", "⇔": "\\iff",
    "∴": "\\therefore", "∀": "\\forall",
    "∃": "\\exists", "∇": "\\nabla", "∂": "\\partial", "∞": "\\infty", "∑": "\\sum", "∏": "\\prod", "∫": "\\int",
    "…": "\\dots",
    "⋯": "\\cdots", "‖": "\\|", "∥": "\\parallel", "∣": "\\mid", "⟨": "\\langle", "⟩": "\\rangle", "±": "\\pm",
    "∓": "\\mp", "√": "\\sqrt",
    "′": "'", "’": "'", "，": ",", "；": ";", "：": ":", "（": "(", "）": ")", "＝": "=", "＋": "+", "。": ".",
    "｜": "|",
    "⊤": "\\top",
    "≜": "\\triangleq", "≔": "\\coloneqq", "ℓ": "\\ell", "ϵ": "\\epsilon", "ϕ": "\\phi", "φ": "\\varphi",
    "ε": "\\varepsilon",
    "α": "\\alpha", "β": "\\beta", "γ": "\\gamma", "δ": "\\delta", "ζ": "\\zeta", "η": "\\eta", "θ": "\\theta",
    "ι": "\\iota",
    "κ": "\\kappa", "λ": "\\lambda", "μ": "\\mu", "µ": "\\mu", "ν": "\\nu", "ξ": "\\xi", "π": "\\pi",
    "ρ": "\\rho", "σ": "\\sigma",
    "τ": "\\tau", "υ": "\\upsilon", "χ": "\\chi", "ψ": "\\psi", "ω": "\\omega", "Γ": "\\Gamma", "Δ": "\\Delta",
    "Θ": "\\Theta",
    "Λ": "\\Lambda", "Ξ": "\\Xi", "Π": "\\Pi", "Σ": "\\Sigma", "Φ": "\\Phi", "Ψ": "\\Psi", "Ω": "\\Omega",
    "ϑ": "\\vartheta",
}  # fmt: skip
