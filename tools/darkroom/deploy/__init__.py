"""Environments: what `make apply`, `deploy-lambdas`, `doctor` and their like run. It needs the virtual environment."""
