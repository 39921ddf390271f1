"""What is true: dates, parties, agreements, layers, events and the fold. Pure, no imports."""
