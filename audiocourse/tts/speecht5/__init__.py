"""SpeechT5: one Transformer for speech and text, pretrained on both; here the published model that reads a text."""
