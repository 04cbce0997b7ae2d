"""Why a value is what it is: its terms, its history, saturation, half-lives, and what a head makes of it."""
