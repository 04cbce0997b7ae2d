"""The drawing of one cell with live values on its wires."""
