"""The stack on this machine: `python3 -m darkroom.stack`, the program behind `make up`, `down`, `status` and others."""
