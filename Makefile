.DEFAULT_GOAL := help
VENV ?= .venv
BIN := $(VENV)/bin
PORT ?= 8080
SPREAD := -n 3 --dist loadfile --no-loadscope-reorder
export VENV

.PHONY: kill-send kill-jobs help demo test fast check format browser engines fuzz kill-mail bench bench-mail bench-secrets bench-diagnose bench-second bench-watch bench-docs bench-evidence bench-cost bench-import screenshots lock setup setup-dev clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: setup ## Run the whole product on a simulated platform (RESET=1 starts over, PORT=8080)
	@exec $(BIN)/headwater demo --home demo-data --port $(PORT) $(if $(RESET),--reset)

test: setup-dev ## Everything: checks, the suite on SQLite and on PostgreSQL, the browser
	@scripts/system-packages.sh
	@$(MAKE) --no-print-directory check
	$(BIN)/python -m pytest $(SPREAD)
	$(BIN)/python -W ignore scripts/with_postgres.py $(BIN)/python -m pytest $(SPREAD) --store-only

fast: setup-dev ## The quick part of the suite, on SQLite
	$(BIN)/python -m pytest -q $(SPREAD) -m "not slow and not browser"

check: setup-dev ## Format, lint, types, import contracts, templates (under a minute)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	PYTHONPATH=src $(BIN)/lint-imports --no-cache
	$(BIN)/djlint --lint src/headwater --quiet

format: setup-dev ## Rewrite files into the house format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

browser: setup-dev ## Only the browser tests
	@scripts/system-packages.sh
	$(BIN)/python -m pytest -m browser

engines: setup-dev ## Every shipped playbook on a Spark cluster (many minutes)
	HEADWATER_ALL_PAGES=1 $(BIN)/python -m pytest tests/evidence/engines/test_spark.py -q

fuzz: setup-dev ## Ten minutes of random queries against the guard (HEADWATER_FUZZ_SEED=n)
	HEADWATER_FUZZ_SECONDS=600 $(BIN)/python -m pytest tests/evidence/test_fuzz.py -q --log-cli-level=INFO

kill-send: setup-dev ## Workers killed 200 times while they send 2,000 mails (a few minutes)
	HEADWATER_SEND_KILLS=200 HEADWATER_SEND_MAILS=2000 HEADWATER_SEND_LIFE=1 $(BIN)/python -m pytest tests/channels/test_send_kill.py -q --log-cli-level=WARNING

kill-jobs: setup-dev ## Kill the worker 200 times in the middle of its jobs, on both stores
	HEADWATER_JOB_KILLS=200 $(BIN)/python -m pytest tests/jobs/test_worker_kill.py -q
	HEADWATER_JOB_KILLS=200 $(BIN)/python -W ignore scripts/with_postgres.py $(BIN)/python -m pytest tests/jobs/test_worker_kill.py -q --store-only

kill-mail: setup-dev ## Kill the ingesting process 200 times over a mailbox of 2,000 mails
	HEADWATER_KILLS=200 $(BIN)/python -m pytest tests/channels/test_ingest_kill.py -q

bench-mail: setup-dev ## Mail from bytes to case, beside two other help desks (MAILS=1000)
	$(BIN)/python -W ignore scripts/with_postgres.py $(BIN)/python benchmarks/bench_mail_ingest.py $(if $(MAILS),--mails $(MAILS))

bench-secrets: setup-dev ## What the finder of secrets finds, and its time a mail
	$(BIN)/python -m benchmarks.bench_secrets

bench-diagnose: setup-dev ## Accuracy and time of diagnosis, beside two baselines
	$(BIN)/python benchmarks/bench_diagnose.py

bench-second: setup-dev ## The same on a second world, built differently from the same contract
	@world=$$(mktemp -d) && $(BIN)/python -m benchmarks.examiner $$world --seed 12 && $(BIN)/python benchmarks/bench_diagnose.py --world $$world; status=$$?; rm -rf $$world; exit $$status

bench-watch: setup-dev ## False alarms of the watch in quiet months, and how soon it sees a rise
	$(BIN)/python benchmarks/bench_watch.py

bench-docs: setup-dev ## Search of the reference: recall, rank and time, beside plain BM25
	$(BIN)/python benchmarks/bench_docs.py

bench-evidence: setup-dev ## Evidence queries at 1 and 10 million request rows, beside a naive layout
	$(BIN)/python benchmarks/bench_evidence.py --naive

bench-cost: setup-dev ## Time, CPU and memory of a case, and the reach of all playbooks, over worlds (WORLDS="A B")
	@$(if $(WORLDS),,$(error Give WORLDS="FOLDER ...", each made by headwater sandbox build))$(BIN)/python benchmarks/bench_scale.py $(WORLDS)

bench-import: setup-dev ## Import of large files: rows a second and peak memory (MB="100 300 1000")
	$(BIN)/python benchmarks/bench_import.py $(if $(MB),--mb $(MB))

bench: bench-diagnose bench-docs bench-evidence ## All benchmarks that need no prepared data
	$(BIN)/python benchmarks/bench_guard.py

screenshots: setup-dev ## Renew the pictures of the tour from the demo
	@scripts/system-packages.sh
	$(BIN)/python docs/screenshots.py

lock: setup-dev ## Renew the lock files from pyproject.toml
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --no-emit-index-url --no-annotate --no-header --python-version 3.11 --extra sandbox --extra postgres --extra stripe pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --no-emit-index-url --no-annotate --no-header --python-version 3.11 --all-extras pyproject.toml -o requirements-dev.lock

setup:
	@scripts/setup.sh demo

setup-dev:
	@scripts/setup.sh dev

clean: ## Remove the virtual environment and the demo's data
	rm -rf $(VENV) demo-data
