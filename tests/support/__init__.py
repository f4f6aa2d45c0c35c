"""Darkroom as its users and operators meet it: shared by the tests of a whole stack and of its contract."""
