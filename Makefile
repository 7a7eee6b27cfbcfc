# `make demo` shows Caveat at work, `make test` tests it. Both set up what they need in .venv.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet
ARGS   ?=

.PHONY: demo test spark check lint style types floors bench docs wheel lock clean

demo: $(VENV)/.run-ready
	@PATH="$(CURDIR)/$(BIN):$$PATH" sh examples/demo.sh

# All tests on all cores, a file's together; ARGS chooses others.
test: $(VENV)/.dev-ready
	$(BIN)/python -m pytest $(or $(ARGS),-n auto --dist loadfile)

spark: $(VENV)/.spark-ready
	$(BIN)/python -m pytest -m spark $(ARGS)

check: lint test

lint: style types floors

style: $(VENV)/.dev-ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev-ready
	$(BIN)/mypy

floors: $(VENV)/.dev-ready
	$(BIN)/lint-imports --no-logo

# Every benchmark prints its figure beside a named baseline; ARGS chooses files (default: all, half an hour or more).
# Spark is set up where there is Java for it.
bench: $(VENV)/.dev-ready $(if $(shell command -v java),$(VENV)/.spark-ready)
	@for file in $(or $(ARGS),$(shell grep -l __main__ benchmarks/*.py)); do \
		echo "== $$file"; $(BIN)/python "$$file" || exit 1; \
	done

docs: $(VENV)/.dev-ready
	$(BIN)/python docs/write_reference.py

wheel: $(VENV)/.dev-ready
	$(BIN)/python -m build --wheel --no-isolation --outdir dist .

# Pin the newest versions that pyproject.toml allows; run it with the oldest Python we support.
LOCK := pip-compile --quiet --upgrade --no-header --strip-extras --no-emit-index-url --no-emit-find-links \
	--no-allow-unsafe --unsafe-package caveat
lock: $(VENV)/.dev-ready
	$(PIP) install pip-tools
	$(BIN)/$(LOCK) --extra all --output-file requirements/run.txt pyproject.toml
	$(BIN)/$(LOCK) --extra dev --constraint requirements/run.txt --output-file requirements/dev.txt pyproject.toml
	echo 'pyspark>=4.0,<5' | $(BIN)/$(LOCK) --constraint requirements/run.txt --output-file requirements/spark.txt -

clean:
	rm -rf $(VENV) .demo build dist .mypy_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Caveat needs Python 3.11 or newer: make PYTHON=python3.11"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
		{ rm -rf $(VENV); echo "$(PYTHON) cannot make a venv: apt-get install python3-venv"; exit 1; }

# Wheels only: nothing is compiled on the way.
$(VENV)/.run-ready: requirements/run.txt pyproject.toml src/caveat/screening/_kernel.c src/caveat/screening/_glance.h src/caveat/screening/_near.h src/caveat/screening/_scores.h | $(VENV)/bin/python
	@echo "setting up $(VENV) …"
	@$(PIP) install --only-binary :all: --requirement requirements/run.txt setuptools==$(SETUPTOOLS)
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev-ready: requirements/dev.txt $(VENV)/.run-ready
	@echo "adding what tests need …"
	@$(PIP) install --only-binary :all: --requirement requirements/dev.txt
	@touch $@

# PySpark is a source package of 450 MB, and needs Java: only for those who ask.
$(VENV)/.spark-ready: requirements/spark.txt $(VENV)/.dev-ready
	@echo "adding Spark …"
	@$(PIP) install --no-build-isolation --requirement requirements/spark.txt
	@touch $@

SETUPTOOLS = $(shell sed -n 's/^setuptools==//p' requirements/dev.txt)
