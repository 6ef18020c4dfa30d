"""What was planned once, planned again: on other dies, in other blocks, with other op_names and pauses."""
