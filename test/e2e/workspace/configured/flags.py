import torch

torch.backends.cudnn.benchmarks = True
torch.backends.cuda.matmul.allow_tf23 = True
