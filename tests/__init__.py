"""The suites, a folder each; `support` has the parts that several of them share."""
