"""Parts of the documents that are written from what they describe."""
