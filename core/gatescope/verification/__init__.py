"""Whether a run is right: against torch's module, against float64, and against another run."""
