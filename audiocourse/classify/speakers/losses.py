"""Two losses that pull the embeddings of one speaker together and push those of different speakers apart.

The references in NumPy are in `audiocourse.classify.speakers.from_scratch`; these are the same with gradients.
"""

from __future__ import annotations

import math

import torch
from torch import nn
from torch.nn.functional import cross_entropy, normalize


class Ge2eLoss(nn.Module):
    """GE2E softmax loss of a batch of N speakers with M utterances each, with learned w > 0 and b.

    L = −(1 / NM) Σ_ji ln (e^(S[j, i, j]) / Σ_k e^(S[j, i, k])), S[j, i, k] = w cos(e[j, i], c[k]) + b. c[k] is the mean
    of the utterances of speaker k; for k = j without e[j, i].

    Source: L. Wan et al., Generalized end-to-end loss for speaker verification, ICASSP 2018, arXiv:1710.10467.
    """

    def __init__(self, *, scale: float = 10.0, offset: float = -5.0) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.tensor(scale))
        self.offset = nn.Parameter(torch.tensor(offset))

    def forward(self, embeddings: torch.Tensor) -> torch.Tensor:
        """Return the mean loss: unit vectors (speakers, utterances, dimensions) -> scalar."""
        speakers, utterances, _ = embeddings.shape
        total = embeddings.sum(dim=1)  # (speakers, dimensions)
        others = normalize(total[:, None] - embeddings, dim=-1)  # the exclusive centroids, for each utterance
        cosine = torch.einsum("jid,kd->jik", embeddings, normalize(total, dim=-1))
        own = torch.eye(speakers, dtype=torch.bool, device=embeddings.device)[:, None]  # (speakers, 1, speakers)
        cosine = torch.where(own, (embeddings * others).sum(dim=-1, keepdim=True), cosine)
        logits = self.scale.clamp(min=1e-6) * cosine + self.offset  # (speakers, utterances, speakers)
        labels = torch.arange(speakers, device=embeddings.device).repeat_interleave(utterances)
        return cross_entropy(logits.flatten(0, 1), labels)


class AamSoftmax(nn.Module):
    """Additive angular margin softmax over the speakers of the training data; one vector w of each is learned.

    L = −ln (e^(s cos(θ_y + m)) / (e^(s cos(θ_y + m)) + Σ_(k ≠ y) e^(s cos θ_k))), θ_k being the angle between the
    embedding and w_k. Where θ_y + m would pass π, cos θ_y − m sin m takes its place, so that the logit keeps falling.

    Source: J. Deng et al., ArcFace: additive angular margin loss for deep face recognition, CVPR 2019,
    arXiv:1801.07698.
    """

    def __init__(self, dimensions: int, num_speakers: int, *, margin: float = 0.2, scale: float = 30.0) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(num_speakers, dimensions))
        nn.init.xavier_normal_(self.weight)
        self.margin = margin
        self.scale = scale

    def forward(self, embeddings: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        """Return the mean loss: unit vectors (batch, dimensions), labels (batch,) -> scalar."""
        cosine = embeddings @ normalize(self.weight, dim=1).T  # (batch, speakers)
        own = cosine.gather(1, labels[:, None])  # (batch, 1)
        sine = torch.sqrt((1 - own**2).clamp(min=1e-9))
        narrowed = own * math.cos(self.margin) - sine * math.sin(self.margin)
        beyond = own < -math.cos(self.margin)  # θ + m > π
        narrowed = torch.where(beyond, own - self.margin * math.sin(self.margin), narrowed)
        logits = cosine.scatter(1, labels[:, None], narrowed)
        return cross_entropy(self.scale * logits, labels)
