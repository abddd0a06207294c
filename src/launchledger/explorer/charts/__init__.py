"""Plots, drawn on the server: pure functions from values to SVG with a table behind it. They know no database and no request."""
