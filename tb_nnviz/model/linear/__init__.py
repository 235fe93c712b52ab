"""What of a model is linear: the path from its inputs to a unit, and its matrix."""
