"""What follows from the events, kept as rows so that an answer is one look-up."""
