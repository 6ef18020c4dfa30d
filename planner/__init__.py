"""The work: what is wanted, when each thing happens, what is written."""
