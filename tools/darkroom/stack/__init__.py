"""The stack on this machine: `python3 -m darkroom.stack`, behind `make up` and its like."""
