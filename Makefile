# The same as `python -m audiocourse lab` and `python -m audiocourse test`, for those who like to type less.
PYTHON ?= python3

.PHONY: lab test

lab:
	$(PYTHON) -m audiocourse lab

test:
	$(PYTHON) -m audiocourse test
