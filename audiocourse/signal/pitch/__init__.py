"""How high: the fundamental frequency of each frame, by YIN and by its probabilistic successor.

A sound has a pitch when it repeats. The lag after which it repeats best is its period, and 1 / period its fundamental
frequency f0. Two lags look alike, though: what repeats after T repeats after 2T as well. YIN takes the *first* lag that
is good enough; pYIN keeps every candidate with a probability and lets the neighbouring frames decide.

``yin`` holds the difference function, the first dip and YIN; ``pyin`` the candidates, their hidden Markov model and
pYIN; ``cents`` measures intervals between frequencies.
"""
