"""The log told to whoever has an address on the web: signed, in order, at least once."""
