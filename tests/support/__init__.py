"""Darkroom as its users and operators meet it: what the tests of a whole stack and of its contract share."""
