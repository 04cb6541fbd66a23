# Aliases for run.py, which does the work. Choose another Python with: make book PYTHON=python3.12
PYTHON ?= python3

.PHONY: book serve lab test notebooks bench clean
book serve lab test notebooks bench clean:
	@$(PYTHON) run.py $@
