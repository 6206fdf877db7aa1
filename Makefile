# make demo   check the lecture notes in examples/ (some of their lines are wrong on purpose, and are found)
# make test   linter, formatter, type checker, tests
# make reports test the whole catalogue, and write a report a claim and a booklet to reports/results/
# make readme put what the demo prints into the README
# All make the environment in .venv first, where it is missing or older than what it is made from.

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
DEMO   := examples/generative-models.md

.PHONY: demo test reports readme install clean

demo: install
	@echo "lemmata check $(DEMO)"
	@$(BIN)/lemmata check $(DEMO); status=$$?; \
	if [ $$status -gt 1 ]; then exit $$status; fi; \
	echo; echo "(Some lines of this document are wrong on purpose, so the command itself ended with status $$status.)"

test: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n 2 -rs

reports: install
	$(BIN)/python -m pytest -n 2 tests/derivations/test_catalogue.py
	$(BIN)/lemmata report --to reports/results --format latex,html,json
	@if command -v pdflatex >/dev/null; then \
	  cd reports/results && for pass in 1 2 3; do \
	    pdflatex -interaction=nonstopmode -halt-on-error -no-shell-escape booklet.tex >/dev/null || exit 1; \
	  done; echo "the booklet is reports/results/booklet.pdf"; \
	else echo "no pdflatex here: the booklet stays booklet.tex and booklet.html"; fi

readme: install
	$(BIN)/python docs/readme_output.py

install: $(VENV)/.installed

$(VENV)/.installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Lemmata needs Python 3.11 or later; say which one with: make PYTHON=python3.11 ..."; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test]'
	@touch $@

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist *.egg-info
