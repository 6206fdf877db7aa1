"""From the lexemes of a display to its chains: rows, columns, separators, prose."""
