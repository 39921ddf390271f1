"""What all pages for people share: their frame and style, their errors, who is visiting."""
