# One virtual environment, made on first use; each stamp says what has been installed into it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TASKS ?= locomo crash promises
DATA ?= $(MNESIS_DATA)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: demo test lint docs bench bench-peers new clean help
.DEFAULT_GOAL := help

help:            ## this list
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

demo: $(VENV)/core        ## import sample conversations, ask, revise, forget, erase, go back in time
	@$(BIN)/mnesis demo

test: $(VENV)/test        ## every test, the examples in docs and help among them
	@$(BIN)/python -m pytest

lint: $(VENV)/dev         ## style, types, and whether generated pages are fresh
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python scripts/docs.py --check

docs: $(VENV)/dev         ## write the generated pages and build the site into site/
	$(BIN)/python scripts/docs.py
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

bench: $(VENV)/core       ## measure on benchmark data: make bench TASKS="locomo nq" DATA=path
	$(BIN)/mnesis bench $(TASKS) $(if $(DATA),--data $(DATA))

bench-peers: $(VENV)/core ## measure other memory systems beside mnesis, each in an environment of its own
	$(BIN)/python scripts/peers.py $(if $(DATA),--data $(DATA))

new: $(VENV)/core         ## a new mechanism: make new ADDRESS=text.rank.mypaper
	@$(BIN)/python scripts/new.py "$(ADDRESS)"

clean:           ## remove the environment, the site and every cache
	rm -rf $(VENV) site build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .benchmarks
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "mnesis needs Python 3.11 or newer; name one with: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { \
	  echo "This Python cannot make virtual environments; install its venv package (python3-venv on Debian)." >&2; \
	  rm -rf $(VENV); exit 1; }

$(VENV)/core: pyproject.toml | $(BIN)/python
	@echo "installing mnesis into $(VENV) …"
	@$(BIN)/python -m pip install --quiet -e .
	@touch $@

$(VENV)/test $(VENV)/dev: $(VENV)/%: pyproject.toml | $(BIN)/python
	@echo "installing mnesis[$*] into $(VENV) …"
	@$(BIN)/python -m pip install --quiet -e '.[$*]'
	@touch $@ $(VENV)/core
