"""Speakers: who is speaking, and who speaks when.

=======================  =============================================================================================
``from_scratch``         the references of the tasks: statistics pooling, the losses GE2E and AAM-softmax, similarities
``verification``         enrolment, identification with rejection, thresholds, costs, intervals over speakers
``normalisation``        scores relative to those of impostors: z-norm, t-norm, s-norm
``model``                an encoder: LSTM, statistics pooling, a vector of length 1
``losses``               both losses for training
``baseline``             the mean of the cepstrum, with which an encoder is compared
``published``            an encoder that was trained on thousands of real voices
``diarization``          who speaks when: windows, embeddings, clusters, turns
``diarization_scoring``  the diarisation error rate and its parts; purity and coverage
=======================  =============================================================================================
"""
