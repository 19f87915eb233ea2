"""What exists for single notebooks of chapter 2: simulated recognisers, a simulated computer and a telephone.

``overlapping_windows`` draws hypotheses for the windows of a long text; ``unstable_hypotheses`` draws those of a
recogniser that changes its mind; ``simulated_computer`` streams a recording at a chosen speed of computing;
``touch_tones`` spells words with the tones of a telephone.
"""
