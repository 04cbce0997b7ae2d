"""The `gatescope` command: its words, its exit statuses, and each of its commands."""
