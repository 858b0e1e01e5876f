"""What all commands share of the screen: lines that fit it, options, progress, and refusals."""
