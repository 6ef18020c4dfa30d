"""What keeps the pages true: a drawing of a run, and the blocks that show real output and real code."""
