"""What the files of finished runs tell, as columns: for pictures, waves, traces and notebooks."""
