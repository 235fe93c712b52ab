"""Pure functions on NumPy arrays: no I/O, no Keras, float64 inside."""
