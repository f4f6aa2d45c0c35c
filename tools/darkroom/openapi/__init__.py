"""api/openapi.yaml, and what is written from it."""
