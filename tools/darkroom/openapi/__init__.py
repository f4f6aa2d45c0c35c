"""api/openapi.yaml, and the files generated from it."""
