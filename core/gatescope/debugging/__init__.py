"""Moving over a run and stopping in it: the stepper, breakpoints, and the expressions they are written in."""
