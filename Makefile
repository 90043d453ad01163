# Every target makes `.venv` first when it is missing or older than the lock file.
#
#   make demo [ARGS='--check --json']   all services in one process, an invented caseload, files under ./nrm-demo
#   make test                           every test
#   make test-all                       the same, with every service killed at every failpoint
#   make check                          the gate before a commit: lint, types, imports, contracts, fast tests
#   make proto                          write again what is generated from .proto files and the event catalogue
#   make bench                          benchmarks, into bench/results.json

PYTHON ?= python3
UV_VERSION := 0.13.9
BIN := .venv/bin
READY := .venv/.ready
LOG := .venv/prepare.log
BASELINE := contracts/nrm_contracts/baseline/api.binpb

# Every process that a target starts finds its modules compiled: half of what a quick test run costs is compiling them.
export PYTHONPYCACHEPREFIX := $(CURDIR)/.venv/pycache
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test test-all check proto bench lint types imports wire fast-tests
.DEFAULT_GOAL := check

demo: $(READY)
	@$(BIN)/nrm demo $(ARGS)

# Three at a time on two cores, for tests on servers wait a good part of their time. Whole files, the slow ones first.
SHARED_OUT = -n 3 --dist loadfile --no-loadscope-reorder

test: $(READY)
	@$(BIN)/pytest -q $(SHARED_OUT) $(ARGS)

test-all: $(READY)
	@NRM_MATRIX=whole $(BIN)/pytest -q $(SHARED_OUT) $(ARGS)

check: lint types imports wire fast-tests

# Their files are in memory where there is room for that; `make test` has them on the disk.
MEMORY = $$(df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 && $$4 > 500000 { print "/dev/shm" }')

fast-tests: $(READY)
	@TMPDIR=$(MEMORY) NRM_PROPERTIES=quick $(BIN)/pytest -q -n 2 --dist worksteal -m "not slow"

lint: $(READY)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(READY)
	@$(BIN)/mypy

imports: $(READY)
	@told=$$($(BIN)/lint-imports --no-logo) || { echo "$$told"; exit 1; }
	@echo 'Import rules kept.'

wire: $(READY)
	@$(BIN)/python contracts/generate.py --image .venv/contracts.binpb
	@$(BIN)/buf lint .venv/contracts.binpb
	@$(BIN)/buf breaking .venv/contracts.binpb --against $(BASELINE)

proto: $(READY)
	@$(BIN)/python contracts/generate.py
	@$(BIN)/python contracts/codelist_page.py

bench: $(READY)
	@$(BIN)/python -m bench $(ARGS)

$(READY): pyproject.toml contracts/pyproject.toml uv.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo 'NRM needs Python 3.11 or newer; name it with: make PYTHON=/path/to/python3' >&2; exit 2; }
	@printf 'preparing .venv (about a minute, once) ... '
	@mkdir -p .venv && { \
	    test -x $(BIN)/uv || { $(PYTHON) -m venv .venv && $(BIN)/python -m pip install uv==$(UV_VERSION); }; \
	    $(BIN)/uv sync --frozen; \
	  } > $(LOG) 2>&1 || { echo 'failed'; cat $(LOG) >&2; exit 1; }
	@touch $@ && echo 'done'
