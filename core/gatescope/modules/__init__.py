"""torch's recurrent modules and their specs: building, constructor text, kernels, inputs, and the memory they need."""
