"""Why a coverage cell, an operation or a history can or cannot be, for one config.

`asking.py` reads the question. Can it be: `routes.py` and `walk.py` (the abstract machine with its blocks, shortest way
first), `stock.py` (which blocks an operation needs and leaves), `enacting.py` and `aboard.py` (a way as operations with
times, op_names and addresses), `witness.py` (judged and counted). Can it not: `because.py` (rules, with their lines),
`entries.py`, `helping.py`, `edits.py` and `changes.py` (the smallest change that would allow it). `answer.py`
brings both together, `history.py` is `--after`; `drawing.py` and `telling.py` show it.
"""
