"""Keras callbacks, one a file: schedule → analysis → records → writing."""
