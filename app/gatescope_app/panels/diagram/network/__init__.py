"""The drawing of the network over time: layers, steps and what flows between them."""
