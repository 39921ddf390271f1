"""The log: what we were told, in order, for ever; and the accounts of those who may write."""
