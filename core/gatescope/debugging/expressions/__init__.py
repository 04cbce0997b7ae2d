"""The language of conditions, watches and log messages: a grammar of its own, which never reaches Python's `eval`."""
