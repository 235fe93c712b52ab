"""TensorBoard's event files: framing of records, event messages, file names.

The one room that knows the file format; writer and reader both stand on it. It knows
nothing of what our blobs mean, and needs no TensorFlow.
"""
