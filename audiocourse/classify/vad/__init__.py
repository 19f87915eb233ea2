"""Voice activity detection.

================  =================================================================
``from_scratch``  a detector by rules, stage by stage, from levels to times
``webrtc``        the detector of WebRTC: decisions, score and times
``model``         a learned detector: its network, its front end, scores and times
``stream``        the same scores chunk by chunk
================  =================================================================
"""
