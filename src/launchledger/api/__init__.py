"""The 2.2.0 routes: thin views over the catalogue, with the framework's own paging, negotiation, filters and errors."""
