"""Objects of the wire as bytes: read by a plan, rendered, stored, and invalidated by the change that makes them wrong."""
