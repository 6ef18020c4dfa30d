"""Finished runs for tools that show waves and traces."""
