"""From a mel spectrogram to a sound: what the mel spectrogram has lost, and how each vocoder invents it.

=========================  =====================================================================================
``griffin_lim``            no training: magnitudes by non-negative least squares, phases by iteration
``wavenet``                one sample after the other, each from a list of 256, by dilated causal convolutions
``wavenet_queues``         its generation, naively and with queues
``mu_law``                 the list of 256
``waveglow``               an invertible network between sound and white noise: all samples in one pass
``waveglow_layers``        one step of its flow, with the inverse
``melgan``                 one pass of transposed convolutions
``melgan_discriminators``  the networks that train it, and their losses
``hifigan``                the same with residual blocks of several widths; ``hifigan-mini`` is one
``adversarial``            what trains it: discriminators of periods and scales, three losses
``from_scratch``           two ideas in NumPy: the receptive field, a coupling and its inverse
``conditioning``           a mel spectrogram as a condition for every sample
=========================  =====================================================================================

Each takes a `MelSpectrogram` of one kind and returns frames · hop_length samples; anything else is refused.
"""
