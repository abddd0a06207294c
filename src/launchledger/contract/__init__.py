"""The wire of version 2.2.0 as data and pure functions. Imports the standard library and orjson only, never Django."""
