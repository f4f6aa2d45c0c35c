"""Simulates bursts of photos on AWS, by the settings of this repository and AWS's quotas."""
