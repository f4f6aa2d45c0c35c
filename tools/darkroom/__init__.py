"""The tools around Darkroom: the stack on one machine, deployments, what is written from the API's contract."""
