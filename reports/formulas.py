r"""LaTeX of mathematics as data: what an author wrote is read token by token and written anew, or refused.

`admitted` lets through what a page may contain (letters, digits, signs, the commands named here, in balanced groups)
and nothing else: no macro is defined, no file is read, no page is left.
"""

from __future__ import annotations

import re

from reports.tex_text import TEXT_OF, escape

LONGEST = 8000
DEEPEST = 40

TOKEN = re.compile(r"\\(?:[A-Za-z]+\*?|.)|\s+|.", re.DOTALL)
# commands without arguments
SYMBOLS = frozenset(
    r"""alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi varpi rho varrho
    sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega
    ell hbar nabla partial infty emptyset varnothing Re Im forall exists neg lnot prime backslash
    log ln exp sin cos tan sinh cosh tanh arctan det max min sup inf lim arg Pr gcd dim ker
    sum prod int iint oint bigcup bigcap
    cdot times div pm mp ast star circ odot oplus otimes wedge land vee lor cap cup setminus colon
    le leq ge geq ne neq equiv approx sim simeq cong propto ll gg prec succ in notin ni subset subseteq supset supseteq
    to rightarrow leftarrow Rightarrow Leftarrow leftrightarrow Leftrightarrow iff implies mapsto longrightarrow
    longmapsto uparrow downarrow perp parallel mid vert Vert lvert rvert lVert rVert langle rangle lfloor rfloor lceil
    rceil lbrace rbrace ldots cdots dots vdots ddots dotsc dotsb top bot
    quad qquad displaystyle textstyle limits nolimits""".split()
)
RENAMED = {"lVert": "|", "rVert": "|", "lvert": "vert", "rvert": "vert"}  # those of amsmath want a partner
ESCAPED = frozenset("{}|,;:! _%&#$")
ONE = frozenset(
    """mathbb mathbf mathrm mathcal mathsf mathit mathtt mathfrak boldsymbol operatorname operatorname* hat widehat bar
    overline underline tilde widetilde vec dot ddot""".split()
)
TEXTS = frozenset("text textrm textnormal mbox textbf textit textsf".split())
TWO = frozenset("frac tfrac dfrac cfrac binom".split())
OVER = frozenset("overset underset stackrel".split())
BRACES = frozenset("underbrace overbrace".split())
ENVIRONMENTS = frozenset("pmatrix bmatrix vmatrix Vmatrix Bmatrix matrix smallmatrix cases aligned".split())
DELIMITERS = frozenset("( ) [ ] | . / < > \\{ \\} \\| \\vert \\Vert \\lvert \\rvert \\lVert \\rVert \\langle \\rangle "
                       "\\lfloor \\rfloor \\lceil \\rceil \\lbrace \\rbrace".split())  # fmt: skip
DROPPED = frozenset("nonumber notag displaystyle textstyle limits nolimits".split())
SIZES = re.compile(r"\\[bB]igg?[lrm]?$")
PLAIN = frozenset("+-*/=<>()[]|.,;:!?'`\"")


class Refused(ValueError):
    """A formula that is not written into a page."""


def admitted(latex: str) -> str | None:
    """The formula written anew, or None where it holds anything that has no place in one."""
    if len(latex) > LONGEST:
        return None
    try:
        reader = _Reader(latex)
        out = reader.sequence(0)
        return out.strip() if reader.peek() is None else None
    except Refused:
        return None


class _Reader:
    def __init__(self, latex: str):
        self.tokens: list[str] = TOKEN.findall(latex)
        self.place = 0

    def peek(self) -> str | None:
        while self.place < len(self.tokens) and self.tokens[self.place].isspace():
            self.place += 1
        return self.tokens[self.place] if self.place < len(self.tokens) else None

    def next(self) -> str:
        token = self.peek()
        if token is None:
            raise Refused("it ends too early")
        self.place += 1
        return token

    def sequence(self, depth: int, cells: bool = False, stop: tuple[str, ...] = ()) -> str:
        """Items up to a closing brace, ``stop`` or the end."""
        if depth > DEEPEST:
            raise Refused("it is nested too deeply")
        out: list[str] = []
        while (token := self.peek()) is not None and token != "}" and token not in stop:
            if token in ("&", "\\\\"):
                self.next()
                out.append((" & " if token == "&" else r" \\ ") if cells else " ")
                continue
            out.append(self.item(depth))
        return _spaced(out)

    def item(self, depth: int) -> str:
        """A nucleus with its scripts: at most one of each kind."""
        nucleus = "{}" if self.peek() in ("^", "_") else self.nucleus(depth)
        scripts: dict[str, str] = {}
        while True:
            token = self.peek()
            if token == "'":
                self.next()
                primes = scripts.pop("^", "") + r"\prime "
                scripts["^"] = primes
            elif token in ("^", "_"):
                self.next()
                inner = self.argument(depth)
                if token in scripts and not scripts[token].startswith(r"\prime"):
                    raise Refused("two scripts at one place")
                scripts[token] = scripts.get(token, "") + inner
            else:
                break
        return nucleus + "".join(f"{k}{{{v.strip()}}}" for k, v in sorted(scripts.items(), reverse=True))

    def argument(self, depth: int) -> str:
        token = self.peek()
        if token == "{":
            return self.group(depth)
        if token is None or token in ("}", "&", "^", "_", "'"):
            raise Refused("an argument is missing")
        return self.nucleus(depth + 1)

    def group(self, depth: int) -> str:
        self.next()
        inner = self.sequence(depth + 1)
        if self.next() != "}":
            raise Refused("a brace is not closed")
        return inner

    def nucleus(self, depth: int) -> str:
        token = self.peek()
        if token == "{":
            return f"{{{self.group(depth)}}}"
        token = self.next()
        if not token.startswith("\\"):
            return self.character(token)
        name = token[1:]
        if len(name) == 1 and not name.isalpha():
            if name not in ESCAPED:
                raise Refused(f"{token} has no place in a formula")
            return r"\ {}" if name == " " else token
        return self.command(name, depth)

    @staticmethod
    def character(token: str) -> str:
        if token in PLAIN or (token.isascii() and token.isalnum()):
            return token
        if token == "~":
            return r"\ {}"
        known = TEXT_OF.get(token)
        if known is None:
            raise Refused(f"{token!r} has no place in a formula")
        return f"{{{known}}}"

    def command(self, name: str, depth: int) -> str:
        if name in DROPPED:
            return ""
        if name in ("label", "tag", "tag*"):
            self.text_argument()
            return ""
        if name in SYMBOLS:
            return f"\\{RENAMED.get(name, name)}"
        if name in ("left", "right", "middle"):
            return self.stretched(name, depth)
        if SIZES.match("\\" + name):
            return self.delimiter()
        if name in TEXTS:
            return rf"\text{{{escape(self.text_argument())}}}"
        if name in ONE:
            inner = self.argument(depth)
            # the font of \mathbb has no digits
            return rf"\{'mathbf' if name == 'mathbb' and inner.isdigit() else name}{{{inner}}}"
        if name == "sqrt":
            root = ""
            if self.peek() == "[":
                self.next()
                root = f"[{self.sequence(depth + 1, stop=(']',))}]"
                if self.next() != "]":
                    raise Refused("a bracket is not closed")
            return rf"\sqrt{root}{{{self.argument(depth)}}}"
        if name in TWO or name in OVER:
            return rf"\{name}{{{self.argument(depth)}}}{{{self.argument(depth)}}}"
        if name in BRACES:
            return rf"\{name}{{{self.argument(depth)}}}"
        if name == "begin":
            return self.environment(depth)
        raise Refused(f"\\{name} is not known here")

    def delimiter(self) -> str:
        token = self.next()
        if token not in DELIMITERS:
            raise Refused(f"{token} is no delimiter")
        return "\\" + RENAMED[token[1:]] if token[1:] in RENAMED else token

    def stretched(self, name: str, depth: int) -> str:
        if name != "left":
            raise Refused(rf"\{name} without \left")
        opening = self.delimiter()
        inner = self.sequence(depth + 1, stop=("\\right", "\\middle"))
        while self.peek() == "\\middle":
            self.next()
            inner += rf"\middle{self.delimiter()} " + self.sequence(depth + 1, stop=("\\right", "\\middle"))
        if self.next() != "\\right":
            raise Refused(r"\left without \right")
        return rf"\left{opening} {inner}\right{self.delimiter()}"

    def text_argument(self) -> str:
        """The text of a group, as it stands; a formula or a command in it is refused, and so are nested groups."""
        if self.next() != "{":
            raise Refused("a brace is missing")
        out = ""
        while self.place < len(self.tokens):
            token = self.tokens[self.place]
            self.place += 1
            if token == "}":
                return out
            if token in ("{", "$") or (
                token.startswith("\\") and token not in (r"\ ", r"\,", r"\%", r"\&", r"\_", r"\#")
            ):
                raise Refused("a formula inside words")
            out += token[1:].replace(",", " ") if token.startswith("\\") else token.replace("~", " ")
        raise Refused("a brace is not closed")

    def environment(self, depth: int) -> str:
        name = self.text_argument()
        if name not in ENVIRONMENTS:
            raise Refused(f"the environment {name} is not known here")
        inner = self.sequence(depth + 1, cells=True, stop=("\\end",))
        if self.next() != "\\end" or self.text_argument() != name:
            raise Refused(f"the environment {name} is not closed")
        return rf"\begin{{{name}}}{inner}\end{{{name}}}"


def _spaced(items: list[str]) -> str:
    """Items in a row, with a space where a command would swallow a letter."""
    out = ""
    for item in items:
        out += (" " if re.search(r"\\[A-Za-z]+$", out) and item[:1].isalpha() else "") + item
    return out


__all__ = ["admitted"]
