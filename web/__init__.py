"""The page for colleagues: a second front door beside the command line."""
