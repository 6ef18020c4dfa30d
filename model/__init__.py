"""The device: what it is made of and what is legal on it."""
