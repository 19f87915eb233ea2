"""Streaming recognition: words while someone is still speaking.

``buffers`` cuts the stream into blocks and holds its last samples; ``endpointing`` finds where utterances begin and
end; ``agreement`` decides which words are final; ``latency`` measures how late they are; ``recogniser`` joins them;
``microphone`` is the source of sound, live or from a recording.
"""
