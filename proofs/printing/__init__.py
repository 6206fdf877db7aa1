"""Terms as a person reads them: one line of Unicode (`text`) or LaTeX that our own reader reads back (`latex`).

Neither evaluates anything, neither raises, and neither imports SymPy.  Terms of any depth are printed, bottom-up and
without recursion; a part that would be longer than ``printer.LONGEST`` characters is shown as an ellipsis.
"""

from proofs.printing.names import name_latex, name_text
from proofs.printing.plain import text
from proofs.printing.tex import latex

__all__ = ["latex", "name_latex", "name_text", "text"]
