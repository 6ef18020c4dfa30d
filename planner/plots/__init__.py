"""Pictures of finished runs: PNG, SVG, and text for a terminal."""
