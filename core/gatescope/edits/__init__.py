"""What-if values: edits and holds, their checks, where they act in a run, and their history."""
