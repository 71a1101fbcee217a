"""Sync: an engine without wires, and the wires it is driven by."""
