"""Chapter 4, audio classification: so far voice activity detection (`audiocourse.classify.vad`)."""
