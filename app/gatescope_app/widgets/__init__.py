"""Small controls that several panels and dialogs use."""
