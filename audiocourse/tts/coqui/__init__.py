"""Models of Coqui TTS, through the maintained package coqui-tts."""
