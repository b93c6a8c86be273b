"""Browser tests: a real Chromium on a real server with an election night in its database."""
