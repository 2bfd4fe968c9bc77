# Two commands matter: `make run` and `make test`. Both install what they need and are quiet when there is nothing to do.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip --disable-pip-version-check -q
MAKEFLAGS += --no-print-directory

.PHONY: run test check bench lock clean

run: $(VENV)/.runtime
	@$(BIN)/polisee start

test: $(VENV)/.tests
	@sh tests/chromium.sh
	@$(BIN)/python -m pytest -n 2 --dist loadfile -q

check: $(VENV)/.tests
	@$(BIN)/python -m pytest -q tests/architecture

bench: $(VENV)/.bench
	@$(BIN)/python -m benchmarks.load
	@$(BIN)/python -m benchmarks.iamc_load
	@$(BIN)/python -m benchmarks.web
	@$(BIN)/python -m benchmarks.specialisation
	@$(BIN)/python -m benchmarks.chains
	@$(BIN)/python -m benchmarks.chain_pages
	@$(BIN)/python -m benchmarks.deck
	@$(BIN)/python -m benchmarks.cell_edit
	@$(BIN)/python -m benchmarks.programmes
	@$(BIN)/python -m benchmarks.programme_load
	@$(BIN)/python -m benchmarks.pack

clean:
	rm -rf $(VENV) var

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit("PoliSEE needs Python 3.11 or newer; this is " + sys.version.split()[0] + ".") if sys.version_info < (3, 11) else None'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing PoliSEE into $(VENV) …"
	@$(PIP) install -c constraints.txt -e .
	@touch $@

$(VENV)/.tests: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing PoliSEE and what its tests need into $(VENV) …"
	@$(PIP) install -c constraints.txt -e '.[dev]'
	@touch $@ $(VENV)/.runtime

$(VENV)/.bench: $(VENV)/.tests
	@echo "Installing the peers that are measured beside PoliSEE …"
	@$(PIP) install -c constraints.txt -e '.[dev,bench]'
	@touch $@

lock: $(VENV)/.bench
	@$(BIN)/pip --disable-pip-version-check freeze --exclude-editable > constraints.txt
