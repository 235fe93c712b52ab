"""Reading a Keras model: the only room that knows how one is made.

It changes nothing in a model, builds no layer, and knows nothing of records or files.
"""
