"""The public pages: what the register says, for people, on any day and at any point of its knowledge."""
