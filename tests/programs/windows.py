"""Mail programs with a window."""
