"""Where a value comes from: the unrolled memory, and the terms of a pre-activation."""
