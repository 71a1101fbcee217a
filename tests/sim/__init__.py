"""A whole province in one process: simulated clocks, lines and disks; every failing seed replays."""
