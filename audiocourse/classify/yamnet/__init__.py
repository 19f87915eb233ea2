"""Audio tagging with YAMNet: which kinds of sound are audible in each 0.96 s.

=================  ==============================================================================================
``model``          the network (MobileNet v1), its front end, the probabilities of each patch, embeddings
``published``      the conversion of the published weights, and the test that they pass afterwards
``class_map.csv``  the 521 classes of AudioSet that the published weights know, in their order
=================  ==============================================================================================
"""
