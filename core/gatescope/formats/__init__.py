"""Files: sequences, checkpoints, CSV, Parquet, and the trace file."""
