"""What runs in TensorBoard's process: routes, queries, the bundle. No Keras anywhere."""
