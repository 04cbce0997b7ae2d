"""The recurrent cells: their quantities, equations and rounding bounds, and how a kernel shows its gates."""
