"""What is said to a person: one type of message, its templates by topic, and how numbers are shown."""
