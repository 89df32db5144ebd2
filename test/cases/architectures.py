"""Modules as scripts write them. PyTorch 2.13 gives the names and dimensions in architectures.json."""

import copy
import functools
from collections import OrderedDict
import torch
import torch.nn as nn
import torch.nn.functional as F


class Attention(nn.Module):
    def __init__(self, dim, heads=8, qkv_bias=False):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(1) * dim ** -0.5)
        self.qkv = nn.Linear(dim, dim * 3, bias=qkv_bias)
        self.proj = nn.Linear(dim, dim)
        self.register_buffer("mask", torch.zeros(1))


class Mlp(nn.Module):
    def __init__(self, d, ratio=4, act=nn.GELU, drop=0.):
        super().__init__()
        hidden = int(d * ratio)
        self.net = nn.Sequential(OrderedDict([("fc1", nn.Linear(d, hidden)), ("act", act()), ("fc2", nn.Linear(hidden, d))]))
        self.drop = nn.Dropout(drop) if drop > 0 else nn.Identity()


class Block(nn.Module):
    def __init__(self, d, norm=functools.partial(nn.LayerNorm, eps=1e-6), **kwargs):
        super().__init__()
        self.norm1 = norm(d)
        self.attn = Attention(d, **kwargs)
        self.norm2 = norm(d)
        self.mlp = Mlp(d)
        self.gamma = nn.Parameter(1e-5 * torch.ones((d)), requires_grad=True)


class ViT(nn.Module):
    def __init__(self, depth=3, dim=8):
        super().__init__()
        self.cls = nn.Parameter(torch.zeros(1, 1, dim))
        self.pos = nn.Parameter(torch.randn(1, 17, dim) * .02)
        self.blocks = nn.ModuleList([Block(dim, qkv_bias=i % 2 == 0) for i in range(depth)])
        self.extra = nn.ModuleDict({"a": nn.Conv1d(1, 2, 3), "b": nn.PReLU()})
        for i, width in enumerate([4, 8]):
            setattr(self, f"stage{i}", nn.Conv2d(3, width, 3, bias=False))
            self.add_module("bn%d" % i, nn.BatchNorm2d(width, affine=i == 0))
        self.apply(self._init)
        nn.init.trunc_normal_(self.cls, std=.02)

    def _init(self, m):
        if isinstance(m, nn.Linear):
            nn.init.zeros_(m.weight)


class Bottle(nn.Module):
    expansion = 4
    def __init__(self, inplanes, planes, stride=1, downsample=None):
        super(Bottle, self).__init__()
        self.conv1 = nn.Conv2d(inplanes, planes, kernel_size=1, bias=False)
        self.bn1 = nn.BatchNorm2d(planes)
        self.conv3 = nn.Conv2d(planes, planes * self.expansion, kernel_size=1, bias=False)
        self.downsample = downsample


class ResNet(nn.Module):
    def __init__(self, block, layers, num_classes=10):
        self.inplanes = 64
        super().__init__()
        self.layer1 = self._make_layer(block, 64, layers[0])
        self.layer2 = self._make_layer(block, 128, layers[1], stride=2)
        self.fc = nn.Linear(128 * block.expansion, num_classes)

    def _make_layer(self, block, planes, blocks, stride=1):
        downsample = None
        if stride != 1 or self.inplanes != planes * block.expansion:
            downsample = nn.Sequential(nn.Conv2d(self.inplanes, planes * block.expansion, 1, stride, bias=False), nn.BatchNorm2d(planes * block.expansion))
        layers = []
        layers.append(block(self.inplanes, planes, stride, downsample))
        self.inplanes = planes * block.expansion
        for i in range(1, blocks):
            layers.append(block(self.inplanes, planes))
        return nn.Sequential(*layers)


class VGG(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = self.make([8, "M", 16, "M"], True)
        self.head = nn.Sequential(nn.Linear(16, 16), nn.ReLU(True), nn.Dropout(), nn.Linear(16, 2))

    def make(self, cfg, bn=False):
        layers = []
        c = 3
        for v in cfg:
            if v == "M":
                layers += [nn.MaxPool2d(2)]
            else:
                conv = nn.Conv2d(c, v, 3)
                if bn:
                    layers += [conv, nn.BatchNorm2d(v), nn.ReLU()]
                else:
                    layers += [conv, nn.ReLU()]
                c = v
        return nn.Sequential(*layers)


class Zoo(nn.Module):
    def __init__(self):
        super().__init__()
        self.mha = nn.MultiheadAttention(8, 2)
        self.mha2 = nn.MultiheadAttention(8, 2, bias=False, batch_first=True)
        enc = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)
        self.enc = nn.TransformerEncoder(enc, 2, nn.LayerNorm(8))
        self.dec = nn.TransformerDecoder(nn.TransformerDecoderLayer(d_model=8, nhead=2), num_layers=1)
        self.gru = nn.GRU(4, 8, 2, bias=False)
        self.rnn = nn.RNN(4, 8, 1, "relu", True, bidirectional=True)
        self.lstm = nn.LSTM(4, 8, proj_size=4)
        self.cells = nn.ModuleList(cell(4, 8) for cell in (nn.LSTMCell, nn.GRUCell, nn.RNNCell))
        self.inn = nn.InstanceNorm2d(4)
        self.inna = nn.InstanceNorm2d(4, affine=True)
        self.gn = nn.GroupNorm(2, 4)
        self.rms = nn.RMSNorm(4)
        self.ln = nn.LayerNorm((4, 4), elementwise_affine=False)
        self.up = nn.ConvTranspose2d(4, 4, 2, 2, bias=False)
        self.old = nn.utils.weight_norm(nn.Linear(2, 3))
        self.spec = nn.utils.spectral_norm(nn.Conv2d(2, 3, 1))
        self.twin = copy.deepcopy(self.gn)
        self.shared = self.gn
        self.emb = nn.Embedding(4, 4)
        self.params = nn.ParameterList([nn.Parameter(torch.zeros(2)), nn.Parameter(torch.zeros(2, 2))])
        self.none = None
        self.bil = nn.Bilinear(2, 2, 2, bias=False)
        self.register_parameter("own", nn.Parameter(torch.empty(3, 4)))
        self.loss = nn.CrossEntropyLoss()


class Sub(nn.Sequential):
    def __init__(self, a, b):
        super().__init__(nn.Conv2d(a, b, 1), nn.BatchNorm2d(b), nn.ReLU6(inplace=True))
        self.tail = nn.Linear(b, 1)


class Child(Mlp):
    def __init__(self):
        super().__init__(8, ratio=2, drop=0.1)
        self.more = Sub(1, 2)
