"""One file an analysis: joins the model and the numerics, and returns its result."""
