"""The dialogs that make a network and a sequence."""
