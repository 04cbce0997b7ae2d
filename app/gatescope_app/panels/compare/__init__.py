"""How the run compares with PyTorch or with another run."""
