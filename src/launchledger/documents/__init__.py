"""Objects of the wire as bytes: read by a plan, rendered, stored, and deleted by the change that makes them wrong."""
