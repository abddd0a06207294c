"""How values are written: JSON bytes, times and durations, texts for people. Knows neither the wire nor the catalogue."""
