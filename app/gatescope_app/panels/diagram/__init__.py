"""The cell as a drawing, and the network unrolled over time."""
