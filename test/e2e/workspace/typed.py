import torch

torch.backends.cudnn.deterministic = True

