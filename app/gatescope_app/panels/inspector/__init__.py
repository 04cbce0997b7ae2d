"""The numbers of the step, and the weights of each gate."""
