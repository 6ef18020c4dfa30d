"""Pages to look at: one run as one self-contained HTML file, and an overview of many runs."""
