from audiocourse.sounds.speech import say
