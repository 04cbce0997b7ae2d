"""Where the cursor is, and what runs before and after."""
