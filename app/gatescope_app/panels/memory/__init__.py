"""What the memory does over a run: saturation, half-lives, heat maps, coloured text."""
