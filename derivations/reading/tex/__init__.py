"""From characters to lexemes and brackets: TeX's own conventions, before any mathematics is read."""
