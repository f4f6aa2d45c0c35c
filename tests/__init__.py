"""The suites, a folder each; `support` is what several of them share."""
