"""The tour: the real windows driven by real keys through an officers' day."""
