"""What `lexer.py` and `grammar.lark` need to read one side: bars, differentials, conditions, nodes."""
