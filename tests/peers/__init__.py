"""Peers of siting side by side on the same plan: what each map page weighs, asks for, and survives."""
