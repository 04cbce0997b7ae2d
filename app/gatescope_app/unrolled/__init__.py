"""The network unrolled over time: layers upwards, steps to the right, and from which cell each reads what."""
