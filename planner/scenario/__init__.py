"""Directed scenarios: what must happen, answered with a sequence, or with a proof that there is none."""
