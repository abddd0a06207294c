"""The API of each version: views and the fast path, with paging, negotiation, filters and errors as the framework has them."""
