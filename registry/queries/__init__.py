"""One function per question. Reads go straight to the rows and never fold."""
