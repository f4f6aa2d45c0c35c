"""The tools around Darkroom: the stack on one machine, deployments, the files generated from the API's contract."""
