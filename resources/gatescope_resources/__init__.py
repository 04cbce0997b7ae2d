"""What Gatescope ships beside its code, each kind of file read through one small module."""
