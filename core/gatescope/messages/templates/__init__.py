"""The English templates of what the engine says, a file for each topic."""
