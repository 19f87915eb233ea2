"""What exists for single notebooks of chapter 2: simulated recognisers and a telephone.

``overlapping_windows`` draws hypotheses for the windows of a long text; ``unstable_hypotheses`` draws those of a
recogniser that changes its mind; ``touch_tones`` spells words with the tones of a telephone.
"""
