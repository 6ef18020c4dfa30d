"""The encoders: one function per rule id, in one file per family, as in the catalogue."""
