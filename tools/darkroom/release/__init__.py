"""The files of a tagged release: `make zips`, `make sbom`, `make changelog`."""
