"""Which emotion a voice portrays: seven classes, or two continuous scales.

================  =====================================================================================================
``from_scratch``  the references of the tasks: agreement, folds of actors, pooling, class weights, loss, scores
``features``      pitch, noisiness, level and timbre of a voice, frame by frame
``model``         a bidirectional LSTM with pooling, from samples to probabilities
``clips``         sentences spoken by rule in seven emotions, by many actors
================  =====================================================================================================
"""
