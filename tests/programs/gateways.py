"""Gateways on the way of the mail."""
