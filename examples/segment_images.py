"""道路裂缝分割：U-Net、自动混合精度、梯度累积。"""

import random

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader

from dataset import CrackDataset
from unet import UNet


def fix_seed(seed=3407):
    """固定随机种子，方便对比实验。"""
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
    torch.cuda.manual_seed_all(seed)
    torch.backends.cudnn.deterministic = True
    torch.backends.cudnn.benchmark = True


def dice_loss(logits, masks, eps=1.0):
    """前景很少时，Dice 损失比交叉熵更稳定。"""
    probabilities = logits.sigmoid().flatten(1)
    masks = masks.flatten(1)
    overlap = (probabilities * masks).sum(dim=1)
    return (1 - (2 * overlap + eps) / (probabilities.sum(dim=1) + masks.sum(dim=1) + eps)).mean()


class Trainer:
    def __init__(self, epochs=80, accumulation=4, lr=0.05):
        self.epochs = epochs
        self.accumulation = accumulation
        self.model = UNet(in_channels=3, out_channels=1).cuda()
        # 偏置和归一化层不做权重衰减
        decay = [p for p in self.model.parameters() if p.ndim >= 2]
        no_decay = [p for p in self.model.parameters() if p.ndim < 2]
        self.optimizer = torch.optim.SGD(
            [{"params": decay, "weight_decay": 1e-4}, {"params": no_decay, "weight_decay": 0.0}],
            lr=lr,
            momentum=0.9,
        )
        self.scheduler = torch.optim.lr_scheduler.MultiStepLR(self.optimizer, milestones=[50, 70], gamma=0.1)
        self.scaler = torch.amp.GradScaler("cuda")
        self.train_loader = DataLoader(CrackDataset("train"), batch_size=4, shuffle=True, num_workers=4)
        self.val_loader = DataLoader(CrackDataset("val"), batch_size=4, num_workers=4)

    def loss(self, images, masks):
        with torch.autocast("cuda", dtype=torch.float16):
            logits = self.model(images)
        logits = logits.float()
        return F.binary_cross_entropy_with_logits(logits, masks) + dice_loss(logits, masks)

    def train_epoch(self):
        self.model.train()
        self.optimizer.zero_grad()
        for i, (images, masks) in enumerate(self.train_loader):
            loss = self.loss(images.cuda(), masks.cuda())
            self.scaler.scale(loss / self.accumulation).backward()
            # 梯度裁剪之前先反缩放
            self.scaler.unscale_(self.optimizer)
            if (i + 1) % self.accumulation == 0:
                nn.utils.clip_grad_norm_(self.model.parameters(), 5.0)
                self.scaler.step(self.optimizer)
                self.scaler.update()
                self.optimizer.zero_grad()

    @torch.no_grad()
    def validate(self):
        self.model.eval()
        losses = [self.loss(images.cuda(), masks.cuda()).item() for images, masks in self.val_loader]
        return sum(losses) / len(losses)

    def fine_tune_head(self, steps=200):
        """最后只微调输出层，批次不再累积。"""
        optimizer = torch.optim.SGD(self.model.head.parameters(), lr=1e-3, momentum=0.9)
        self.model.train()
        batches = iter(self.train_loader)
        for _ in range(min(steps, len(self.train_loader))):
            images, masks = next(batches)
            optimizer.zero_grad()
            loss = self.loss(images.cuda(), masks.cuda())
            self.scaler.scale(loss).backward()
            optimizer.step()

    def fit(self):
        best = float("inf")
        for epoch in range(self.epochs):
            self.train_epoch()
            self.scheduler.step()
            loss = self.validate()
            print(f"第 {epoch + 1} 轮：验证损失 {loss:.4f}，学习率 {self.scheduler.get_last_lr()[0]:.5f}")
            if loss < best:
                best = loss
                torch.save(self.model.state_dict(), "unet.pt")
        self.fine_tune_head()


if __name__ == "__main__":
    fix_seed()
    Trainer().fit()
