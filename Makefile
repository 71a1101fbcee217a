# Mỗi lệnh tự chuẩn bị những gì nó cần. Gõ `make` để xem danh sách.
# Each target sets up what it needs. `make` alone lists them.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run test check bench bench-peers package lock tour clean distclean ready ready-dev

# One that starts: a version manager may put names on the path that do not.
PYTHON := $(shell for p in python3.11 python3.12 python3.13 python3 python; do \
	"$$p" -c 0 >/dev/null 2>&1 && echo "$$p" && break; done)
VENV := .venv/bin/python
OUT ?= out
export PYTHONUTF8 := 1

help:
	@echo 'make run      mở chương trình với văn phòng thực hành   (open the desk program, practice office)'
	@echo 'make test     kiểm tra mã và chạy mọi kiểm thử          (checks and all tests)'
	@echo 'make check    chỉ kiểm tra mã: ruff, mypy, các tầng     (lint, types, floors)'
	@echo 'make tour     một ngày làm việc, PDF và ảnh vào out/    (the tour: papers and pictures)'
	@echo 'make bench    đo tốc độ, kết quả vào out/bench.json     (measure)'
	@echo 'make bench-peers  cài các chương trình để so tốc độ     (peers to measure beside)'
	@echo 'make package  đóng gói thành dist/onestop               (frozen program, gate, selftest)'
	@echo 'make lock     ghi lại các phiên bản và mã băm           (write hashed constraints anew)'
	@echo 'make clean    xoá những gì đã tạo ra                    (remove what was made)'

ready:
	@$(if $(PYTHON),,echo 'Cần Python 3.11 trở lên: apt-get install python3 python3-venv'; exit 1;) \
	$(PYTHON) build/prepare.py

ready-dev:
	@$(if $(PYTHON),,echo 'Cần Python 3.11 trở lên: apt-get install python3 python3-venv'; exit 1;) \
	$(PYTHON) build/prepare.py --dev

run: ready
	@$(VENV) main.py --demo

tour: ready
	@$(VENV) main.py tour --out '$(OUT)/tour'

check: ready-dev
	@$(VENV) -m build.check

test: check
	@$(VENV) -m pytest -n auto --dist loadfile --no-loadscope-reorder

bench: ready-dev
	@mkdir -p '$(OUT)'
	@$(VENV) main.py bench --out '$(OUT)/bench.json'

# Other programs to measure beside: never part of this one. Needs node and npm.
bench-peers: ready
	@mkdir -p .peers
	@cd .peers && npm install --no-audit --no-fund pouchdb@9 pouchdb-server@4 express-pouchdb@4
	@$(PYTHON) -m venv .peers/v
	@.peers/v/bin/python -m pip install --quiet anki tuspy tuspyserver uvicorn

package: ready-dev
	@$(VENV) -m build.package

lock: ready-dev
	@$(VENV) -m build.lock

clean:
	@rm -rf dist '$(OUT)' .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +

distclean: clean
	@rm -rf .venv .peers
