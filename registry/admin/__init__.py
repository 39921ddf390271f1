"""Data entry in a browser: signing in, recording, correcting, reviewing, importing, administering."""
