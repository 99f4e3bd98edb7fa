# Each target makes what it needs; a machine with Python 3.11+ (with venv) and make is enough.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test check fix live model model-mutants clean

$(READY): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $(READY)

demo: $(READY)
	$(BIN)/python -m demo $(ARGS)

test: $(READY)
	$(BIN)/python -m pytest -m "not live" -n auto --dist loadfile $(ARGS)

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(MAKE) test

fix: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

live: $(READY)
	$(BIN)/python -m pytest -m live tests/live $(ARGS)

# So many histories of the stock model, from a seed on; disjoint seeds make disjoint runs.
HISTORIES ?= 200
SEED ?= 1

model: $(READY)
	$(BIN)/python -m tests.model --histories $(HISTORIES) --seed $(SEED)

model-mutants: $(READY)
	$(BIN)/python -m tests.model --mutants --seed $(SEED)

clean:
	rm -rf $(VENV) build *.egg-info
