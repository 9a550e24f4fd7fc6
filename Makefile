# SPDX-License-Identifier: Apache-2.0
# The verbs of this project. Every one of them first sets up .venv, which takes seconds once it is there.

SIM     ?= verilator
NETWORK ?= compact
SEED    ?= 1
BOARD   ?= ulx3s
SEEDS   ?= pinned
PARTS   ?= formal mutation coverage golden faults soak trace page
PORT    ?= model:compact
ASK     ?= info
PY      := .venv/bin/python

# AVATAR_QUICK=1 shortens what takes long, to see every step of a way work: its pictures are no good.
ifneq ($(AVATAR_QUICK),)
ITERATIONS ?= 20
AVATARS    ?= 1
WAY_QUICK   = --network tiny --finetune 10
endif

# A network is a preset or the path of an integer checkpoint; a folding is a file of scripts/fold.py.
FOLDED   = $(if $(FOLDING),--folding '$(FOLDING)')
SIM_ARGS = --simulator $(SIM) --network '$(NETWORK)' $(FOLDED) --seed $(SEED) \
           $(if $(AVATARS),--avatars $(AVATARS)) $(if $(filter-out 0,$(WAVES)),--waves)
BOARD_ARGS = $(BOARD) $(if $(filter command environment,$(origin NETWORK)),--network '$(NETWORK)') \
             $(FOLDED) $(if $(CHIP),--chip $(CHIP))

.DEFAULT_GOAL := help
.PHONY: help setup sim avatars test test-slow evidence lint format roms train bench synth host prog web web-serve \
        web-test web-speed readme clean

help:  ## this list
	@echo 'avatar-dcgan: avatars drawn by hardware, pixel for pixel equal to the model'
	@echo
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "%-18s %s\n", $$1, $$2}'
	@echo
	@echo '  SIM=verilator|icarus  NETWORK=compact|tiny|paper|FILE_int.safetensors  FOLDING=FILE.json  AVATARS=8'
	@echo '  SEED=1  WAVES=1  BOARD=ulx3s  CHIP=85f  SEEDS=pinned|all  DATA=sprites/  ITERATIONS=4000  OUT=folder'
	@echo '  PORT=/dev/ttyUSB0|model:NETWORK  ASK=info  WEB_PORT=8000  PARTS='formal page'  MODULES=  MUTANTS=12  FAULTS=1000  SOAK=100  SHARD=k/n  FRESH=1  AVATAR_QUICK=1'

setup:  ## virtual environment with the pinned packages
	@sh scripts/setup.sh

sim: setup  ## draw avatars in the simulated hardware, compare every pixel with the model
	@$(PY) scripts/simulate.py $(SIM_ARGS)

test: setup  ## every test, on every simulator
	@SIM='$(filter-out default,$(if $(filter command environment,$(origin SIM)),$(SIM),default))' $(PY) -m pytest -n 2 --dist worksteal

test-slow: setup  ## the tests that take minutes each
	@$(PY) -m pytest -m slow

evidence: setup  ## how good the tests are: proofs, mutants, coverage, flipped bits (FRESH=1: two hours); tb/EVIDENCE.md from them
	@$(PY) scripts/evidence.py --parts $(PARTS) $(if $(MODULES),--modules $(MODULES)) \
	  $(if $(MUTANTS),--mutants $(MUTANTS)) $(if $(FAULTS),--faults $(FAULTS)) $(if $(SOAK),--soak $(SOAK)) $(if $(SHARD),--shard $(SHARD)) $(if $(FRESH),--fresh)

lint: setup  ## Verilator -Wall, Verible, ruff, and the laws of the tree
	@$(PY) scripts/lint.py

format: setup  ## reformat SystemVerilog and Python
	@$(PY) scripts/lint.py --fix

roms: setup  ## quantised weights to ROM contents and shape package
	@$(PY) model/export.py --network '$(NETWORK)' $(FOLDED)

train: setup  ## train a Generator (half an hour); results in runs/
	@$(PY) model/train.py --network $(NETWORK)

avatars: setup  ## the whole way: DATA=sprites/ to avatars in hardware, with a page of results
	@$(if $(DATA),,echo "error: DATA is missing: make avatars DATA=sprites/ (a folder or a sheet)" >&2; exit 1)
	@$(PY) scripts/avatars.py --data '$(DATA)' $(if $(OUT),--out '$(OUT)') \
	  $(if $(ITERATIONS),--iterations $(ITERATIONS)) $(if $(GRID),--grid $(GRID)) $(WAY_QUICK) \
	  $(if $(filter command environment,$(origin BOARD)),--board $(BOARD)) $(if $(CHIP),--chip $(CHIP))

bench: setup  ## cycles, multipliers and images a second, dense against skipping against packing
	@$(PY) scripts/bench.py $(if $(filter command environment,$(origin NETWORK)),--network '$(NETWORK)')

synth: setup  ## bitstream and utilisation report for BOARD
	@$(PY) scripts/synth.py $(BOARD_ARGS) --seeds $(SEEDS)

retarget: setup  ## NETWORK into the routed design of BOARD: a bitstream in seconds
	@$(PY) scripts/retarget.py $(BOARD_ARGS)

readme: setup  ## results and picture of README.md from the latest reports
	@$(PY) scripts/readme_results.py

host: setup  ## ask a board, or a model of one (PORT=model:compact), for avatars: ASK='generate --count 12'
	@$(PY) scripts/host.py --port '$(PORT)' $(ASK)

web: setup  ## the RTL as a page: build/web/ to host, and one HTML file that opens from disk
	@$(PY) scripts/web.py --network '$(NETWORK)'

web-serve: setup  ## the same, served on this machine (WEB_PORT=8000)
	@$(PY) scripts/web.py --network '$(NETWORK)' --serve $(if $(WEB_PORT),--port $(WEB_PORT))

web-test: setup  ## the page in headless Chromium and under wasmtime, against the model
	@$(PY) -m pytest web/tests

web-speed: setup  ## size and speed of the page, in Chromium; written into web/README.md, with a picture
	@$(PY) scripts/web.py --network '$(NETWORK)' --measure --readme web/README.md --picture web/page.png

prog: setup  ## load the bitstream into BOARD
	@$(PY) scripts/synth.py $(BOARD_ARGS) --program

clean:  ## remove everything that was built
	@rm -rf build
