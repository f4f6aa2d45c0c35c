"""Environments: the programs behind `make apply`, `deploy-lambdas`, `doctor` and others. They need the virtual
environment."""
