"""What makes, checks and packs the program; none of it is shipped."""
