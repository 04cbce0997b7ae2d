"""The pages of the Memory panel: saturation of the gates, the memory over time, and text coloured by one unit."""
