"""`make smoke ENV=x`: sends one photo through a deployed environment, by its public interfaces: the API, signed links
and mail; and looks at it as an operator does."""
