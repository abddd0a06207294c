"""The whole server: routes, middleware, and the layers in front of Django."""
