"""Chapter 2, speech recognition: from a sound to its words.

======================  =====================================================================================
``material``            made utterances to train and test recognisers on
``ctc_net``             a recurrent network that is trained with CTC
``recogniser``          network, language model and alignment: text and timed words
``whisper_mini``        a very small Whisper of the published classes
``whisper_lessons``     how it is taught: what is said, what is heard when, where to look
``recipes``             how both are trained: ``audiocourse train ctc-mini | whisper-mini``
``error_rates``         word and character errors, and the alignment behind them
``error_tables``        error rates by language, by voice
``ctc``                 collapse, the sum over all paths, the loss and its gradient
``decoding``            the best path; the best labelling, with a language model if you like
``ngram``               a language model that counts
``alignment``           when each letter and word of a known text was said
``telephone``           a voice of two tones a letter, for experiments that anybody can follow by ear
``soft_pointer``        attention with a padding mask, and the decoder's text one letter behind, in NumPy
``attention``           an encoder that listens and a decoder that points and spells
``contrast``            the game of wav2vec 2.0 in NumPy: hidden spans, distractors, the contrastive loss
``wav2vec2``            its pretraining in miniature, and the published recogniser in use
``whisper_features``    log-mel as Whisper's encoder expects it
``whisper_tokens``      its special tokens, the prompt, the language, which token may come next
``whisper_choice``      from scores to text: greedy or by chance; a decoder in a loop
``whisper_decoding``    one window: encoder, decoder, and how sure it was
``whisper_windows``     longer than a window: where to cut, how to join
``whisper``             `transcribe`: any length of sound in, language and words out
``misheard``            made mistakes of a recogniser in overlapping windows
``streaming``           words while somebody speaks: ring buffer, local agreement, commits, latency
``endpointing``         where utterances begin and end, on a stream
``unsteady``            made hypotheses of a recogniser that changes its mind
``microphone``          sound in blocks, from a microphone or from a recording at the pace of speech
======================  =====================================================================================
"""
