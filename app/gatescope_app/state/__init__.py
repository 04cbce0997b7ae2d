"""What is being debugged and what works on it: the session, its runs, and their workers; QtCore only."""
