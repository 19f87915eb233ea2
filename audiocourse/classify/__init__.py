"""Chapter 4, audio classification: voice activity, sound events, genres, speakers, emotion and spoken digits.

============  ==========================================================================================
``vad``       detectors by rules, that of WebRTC, and one that is learned
``digits``    which English digit is spoken
``events``    which sound events occur, and when
``genre``     the genre of a song: splits by artist, segments, votes, networks
``speakers``  who speaks: embeddings of voices, verification, identification
``emotion``   which emotion a voice portrays: agreement, folds of actors, pooling, class weights, networks
``tagging``   what a clip contains: the references of 4b
``yamnet``    which kinds of sound are audible in each 0.96 s: MobileNet v1 as published
``scoring``   the error of detected segments, a point of the ROC curve (04a draws it), the area under it
``clips``     the synthetic scenes and spoken digits on which networks are trained
``voices``    synthetic voices, more than the course has speakers
``practice``  the scenes on which exercise 5 tries detectors
``training``  how both are trained: ``audiocourse train vad-mini``, ``audiocourse train digits-mini``
============  ==========================================================================================

The references of tasks can be imported from here, whichever module defines them.
"""

from audiocourse.lazy import lazy_names

__getattr__ = lazy_names(
    __name__,
    {
        "emotion.from_scratch": (
            "actor_folds",
            "attention_pooling",
            "class_weights",
            "concordance_correlation",
            "final_states",
            "fleiss_kappa",
            "read_confusion",
            "softmax_floor",
            "weighted_cross_entropy",
        ),
        "events.from_scratch": (
            "class_thresholds",
            "event_f1",
            "events_from_frames",
            "frame_targets",
            "masked_binary_cross_entropy",
            "match_events",
            "median_filter",
        ),
        "events.intersection": ("detection_tolerance",),
        "events.scoring": ("segment_f1",),
        "events.weak_labels": ("linear_softmax_pooling",),
        "genre.from_scratch": ("fold_first_conv", "group_split", "shift_gap", "song_segments", "vote_per_song"),
        "scoring": ("balanced_accuracy", "confusion_matrix", "detection_error", "roc_auc", "roc_point"),
        "speakers.from_scratch": ("aam_softmax_loss", "cosine_similarities", "ge2e_loss", "statistics_pooling"),
        "speakers.normalisation": ("s_norm", "t_norm", "z_norm"),
        "speakers.verification": (
            "development_threshold",
            "enrol",
            "error_rates",
            "error_rates_at",
            "identify",
            "min_dcf",
        ),
        "tagging": ("cross_entropy", "mixup", "rejection_threshold"),
        "vad.from_scratch": ("hangover", "hysteresis", "noise_floor_db", "smooth_decisions", "to_segments"),
    },
)
