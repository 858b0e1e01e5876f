# Everything runs in .venv, which is made from hashed wheels alone.
PYTHON ?= python3
PYTEST_ARGS ?= --numprocesses=auto --dist=loadfile

VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip --disable-pip-version-check install -qq
WHEELS := $(INSTALL) --require-hashes --only-binary :all:
ENV := $(VENV)/.installed
FAST := $(VENV)/.installed-fast
MUTANTS := .venv-mutants
TRACKERS := .venv-trackers
CLIENTS := .venv-clients
NODE_CLIENTS := examples/bots/javascript

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help check test long fuzz extras bench mutants trackers clients node fast lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "%-8s %s\n", $$1, $$2 }' Makefile

check: $(ENV) ## explore the designs, prove the reference, replay the model on the book
	$(BIN)/truebook check
	$(BIN)/truebook prove
	$(BIN)/truebook refine

test: check ## check, then types, lint, format and tests
	$(BIN)/mypy
	$(BIN)/ruff check --quiet
	$(BIN)/ruff format --check --quiet
	$(BIN)/pytest --quiet -m 'not long' $(PYTEST_ARGS)

long: $(ENV) ## run the tests that are too long for `make test` (four minutes)
	$(BIN)/pytest --quiet -m long $(PYTEST_ARGS)

fuzz: $(ENV) ## hold the book to its promises in stories drawn from seeds (ten minutes, two workers)
	$(BIN)/python -m fuzz --minutes 10 --workers 2

extras: $(ENV) ## run each command in a fresh environment of each extra (some minutes)
	$(BIN)/python bench/extras.py

bench: $(FAST) ## measure all that is to be fast, beside Spin and others' (a quarter of an hour)
	$(BIN)/python bench/explorer.py
	$(BIN)/python bench/spin.py
	$(BIN)/python bench/proofs.py
	$(BIN)/python bench/book.py --orders 10000000
	$(BIN)/python bench/journal.py rate
	$(BIN)/python bench/journal.py recover
	$(BIN)/python bench/shadow.py
	$(BIN)/python bench/wire.py
	$(BIN)/python bench/signing.py
	$(BIN)/python bench/venue.py
	$(BIN)/python bench/record.py
	$(BIN)/python bench/oracle.py
	$(BIN)/python bench/audit.py

mutants: $(MUTANTS)/.installed ## mutate the book, and see that its tests notice (half an hour)
	@rm -rf $(MUTANTS)/tree
	$(MUTANTS)/bin/python bench/mutants.py $(MUTANTS)/tree

trackers: $(TRACKERS)/.installed ## install the trackers of others that adapters hold (a minute)

clients: $(CLIENTS)/.installed node ## install the clients that bots of examples use (a minute)

node: $(NODE_CLIENTS)/node_modules/.installed ## install those for Node alone, which tests use (seconds)

fast: $(FAST) ## add numba, which compiles the explorer's kernel

$(ENV): constraints.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo 'truebook needs Python 3.11 or newer, and $(PYTHON) is not:' \
			'name one, as in `make check PYTHON=python3.12`.' >&2; exit 1; }
	@echo 'installing into $(VENV)'
	@$(PYTHON) -m venv --clear $(VENV)
	@$(WHEELS) -r constraints.txt
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(FAST): $(ENV) constraints-fast.txt
	@echo 'adding numba to $(VENV)'
	@$(WHEELS) -r constraints-fast.txt
	@touch $@

$(MUTANTS)/.installed: constraints.txt constraints-mutants.txt
	@echo 'installing into $(MUTANTS)'
	@$(PYTHON) -m venv --clear $(MUTANTS)
	@$(MUTANTS)/bin/python -m pip --disable-pip-version-check install -qq --require-hashes \
		--only-binary :all: -r constraints.txt -r constraints-mutants.txt
	@touch $@

# hummingbot goes last: it has wheels for Python 3.12 alone, and elsewhere is built with a compiler.
# Of what it depends on, only what its order tracker imports is installed.
$(TRACKERS)/.installed: constraints-trackers.txt constraints-hummingbot.txt
	@echo 'installing into $(TRACKERS)'
	@$(PYTHON) -m venv --clear $(TRACKERS)
	@$(TRACKERS)/bin/python -m pip --disable-pip-version-check install -qq --require-hashes \
		--only-binary :all: -r constraints-trackers.txt
	@$(TRACKERS)/bin/python -m pip --disable-pip-version-check install -qq --no-deps \
		--no-build-isolation --editable .
	@WITHOUT_CYTHON_OPTIMIZATIONS=1 $(TRACKERS)/bin/python -m pip --disable-pip-version-check \
		install -qq --require-hashes --no-deps --no-build-isolation -r constraints-hummingbot.txt
	@touch $@

# Nautilus has wheels for Python 3.12 and newer alone: with an older PYTHON it is left out.
$(CLIENTS)/.installed: constraints-clients.txt
	@echo 'installing into $(CLIENTS)'
	@$(PYTHON) -m venv --clear $(CLIENTS)
	@$(CLIENTS)/bin/python -m pip --disable-pip-version-check install -qq --require-hashes \
		--only-binary :all: -r constraints-clients.txt
	@touch $@

$(NODE_CLIENTS)/node_modules/.installed: $(NODE_CLIENTS)/package-lock.json
	@echo 'installing into $(NODE_CLIENTS)/node_modules'
	@cd $(NODE_CLIENTS) && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

# The newest versions that one set of wheels satisfies on every platform and Python;
# `fast` goes first, since numba is the one that bounds numpy.
COMPILE = UV_CUSTOM_COMPILE_COMMAND='make lock' "$$tmp/bin/uv" pip compile pyproject.toml --quiet \
	--universal --python-version 3.11 --fork-strategy fewest \
	--upgrade --only-binary :all: --generate-hashes --no-config

lock: ## choose the newest versions and record their hashes
	@tmp=$$(mktemp -d) && trap 'rm -rf "$$tmp"' EXIT && \
	$(PYTHON) -m venv "$$tmp" && \
	"$$tmp/bin/python" -m pip --disable-pip-version-check install -qq uv==0.13.8 && \
	$(COMPILE) --extra fast --output-file constraints-fast.txt >/dev/null && \
	$(COMPILE) --extra dev --constraint constraints-fast.txt --output-file constraints.txt >/dev/null && \
	echo mutmut | $(COMPILE:pyproject.toml=-) --constraint constraints.txt --output-file constraints-mutants.txt >/dev/null && \
	$(COMPILE:pyproject.toml=examples/adapters/requirements.txt) --constraint constraints.txt --output-file constraints-trackers.txt >/dev/null && \
	$(COMPILE:pyproject.toml=examples/bots/requirements.txt) --output-file constraints-clients.txt >/dev/null && \
	echo hummingbot | $(COMPILE:pyproject.toml=-) --no-binary hummingbot --no-deps --output-file constraints-hummingbot.txt >/dev/null

clean: ## remove the environment and all caches
	rm -rf $(VENV) $(MUTANTS) $(TRACKERS) $(CLIENTS) $(NODE_CLIENTS)/node_modules dist .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
