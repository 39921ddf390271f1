"""Measurements of speed and memory, each beside a floor or a peer measured in the same run."""
