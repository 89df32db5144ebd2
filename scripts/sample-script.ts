/**
 * A training script of about as many lines as asked for, the same each time: models, losses, data sets, training and
 * evaluation functions as people write them, with mixed precision, schedulers, checkpoints, and no mistakes.
 */
export function sampleScript(lines: number): string {
  const parts = [head]
  let length = count(head) + count(main(0))
  for (let index = 0; length < lines; index++) {
    const part = section(index)
    parts.push(part)
    length += count(part)
  }
  parts.push(main(parts.length - 2))
  return parts.join('\n\n')
}

function count(text: string): number {
  return text.split('\n').length + 1
}

const head = `"""Trains an image classifier with mixed precision."""
import argparse
import math
import os
import random
import time

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import optim
from torch.utils.data import DataLoader, Dataset
from torchvision import datasets, transforms

torch.backends.cudnn.benchmark = True


def parse_args():
    parser = argparse.ArgumentParser(description="Image classification")
    parser.add_argument("data", help="path of the data set")
    parser.add_argument("--epochs", type=int, default=90)
    parser.add_argument("--batch-size", type=int, default=256)
    parser.add_argument("--lr", type=float, default=0.1)
    parser.add_argument("--weight-decay", type=float, default=1e-4)
    parser.add_argument("--accumulate", type=int, default=1)
    parser.add_argument("--amp", action="store_true")
    parser.add_argument("--output", default="checkpoints")
    return parser.parse_args()


class AverageMeter:
    def __init__(self, name):
        self.name = name
        self.reset()

    def reset(self):
        self.total = 0.0
        self.count = 0

    def update(self, value, n=1):
        self.total += value * n
        self.count += n

    @property
    def average(self):
        return self.total / max(1, self.count)
`

function section(index: number): string {
  return `class Block${index}(nn.Module):
    expansion = 4

    def __init__(self, in_channels, channels, stride=1, dropout=0.1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, channels, kernel_size=3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, kernel_size=3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.dropout = nn.Dropout(dropout)
        self.shortcut = nn.Sequential()
        if stride != 1 or in_channels != channels:
            self.shortcut = nn.Sequential(
                nn.Conv2d(in_channels, channels, kernel_size=1, stride=stride, bias=False),
                nn.BatchNorm2d(channels),
            )

    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)))
        out = self.dropout(out)
        out = self.bn2(self.conv2(out))
        out += self.shortcut(x)
        return F.relu(out)


class Net${index}(nn.Module):
    def __init__(self, depth=(2, 2, 2, 2), num_classes=1000):
        super().__init__()
        self.in_channels = 64
        self.stem = nn.Sequential(nn.Conv2d(3, 64, 7, stride=2, padding=3), nn.BatchNorm2d(64), nn.ReLU(inplace=True))
        self.layers = nn.ModuleList([self.make_layer(64 * 2**i, n, 1 if i == 0 else 2) for i, n in enumerate(depth)])
        self.fc = nn.Linear(512, num_classes)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
            elif isinstance(module, nn.BatchNorm2d):
                nn.init.constant_(module.weight, 1)
                nn.init.constant_(module.bias, 0)

    def make_layer(self, channels, blocks, stride):
        layers = []
        for i in range(blocks):
            layers.append(Block${index}(self.in_channels, channels, stride if i == 0 else 1))
            self.in_channels = channels
        return nn.Sequential(*layers)

    def forward(self, x):
        x = self.stem(x)
        for layer in self.layers:
            x = layer(x)
        x = F.adaptive_avg_pool2d(x, 1).flatten(1)
        return self.fc(x)


class Images${index}(Dataset):
    def __init__(self, root, train=True):
        self.files = sorted(os.path.join(root, name) for name in os.listdir(root) if name.endswith(".npy"))
        self.train = train

    def __len__(self):
        return len(self.files)

    def __getitem__(self, item):
        image = torch.from_numpy(np.load(self.files[item])).float() / 255.0
        if self.train and random.random() < 0.5:
            image = image.flip(-1)
        label = int(os.path.basename(self.files[item]).split("_")[0])
        return image, label


def train_one_epoch${index}(model, loader, criterion, optimizer, scaler, scheduler, device, epoch, args):
    model.train()
    losses = AverageMeter("loss")
    start = time.time()
    optimizer.zero_grad(set_to_none=True)
    for i, (images, target) in enumerate(loader):
        images = images.to(device, non_blocking=True)
        target = target.to(device, non_blocking=True)
        with torch.autocast(device_type="cuda", enabled=args.amp):
            output = model(images)
            loss = criterion(output, target) / args.accumulate
        scaler.scale(loss).backward()
        if (i + 1) % args.accumulate == 0:
            scaler.unscale_(optimizer)
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            scaler.step(optimizer)
            scaler.update()
            optimizer.zero_grad(set_to_none=True)
            scheduler.step()
        losses.update(loss.item() * args.accumulate, images.size(0))
        if i % 50 == 0:
            rate = losses.count / (time.time() - start)
            print(f"epoch {epoch} [{i}/{len(loader)}] loss {losses.average:.4f} ({rate:.0f} images/s)")
    return losses.average


@torch.no_grad()
def evaluate${index}(model, loader, criterion, device):
    model.eval()
    losses = AverageMeter("loss")
    correct = 0
    for images, target in loader:
        images, target = images.to(device), target.to(device)
        output = model(images)
        losses.update(criterion(output, target).item(), images.size(0))
        correct += (output.argmax(dim=1) == target).sum().item()
    return losses.average, correct / len(loader.dataset)


def run${index}(args, device):
    train_loader = DataLoader(Images${index}(args.data), args.batch_size, shuffle=True, num_workers=8, pin_memory=True)
    val_loader = DataLoader(Images${index}(args.data, train=False), args.batch_size, num_workers=8, pin_memory=True)
    model = Net${index}().to(device)
    criterion = nn.CrossEntropyLoss(label_smoothing=0.1)
    decay = [p for p in model.parameters() if p.ndim >= 2]
    no_decay = [p for p in model.parameters() if p.ndim < 2]
    optimizer = optim.AdamW(
        [{"params": decay, "weight_decay": args.weight_decay}, {"params": no_decay, "weight_decay": 0.0}],
        lr=args.lr,
    )
    steps = args.epochs * len(train_loader) // args.accumulate
    scheduler = optim.lr_scheduler.LambdaLR(optimizer, lambda step: 0.5 * (1 + math.cos(math.pi * step / steps)))
    scaler = torch.amp.GradScaler("cuda", enabled=args.amp)
    best = 0.0
    for epoch in range(args.epochs):
        train_loss = train_one_epoch${index}(
            model, train_loader, criterion, optimizer, scaler, scheduler, device, epoch, args
        )
        val_loss, accuracy = evaluate${index}(model, val_loader, criterion, device)
        print(f"epoch {epoch}: train {train_loss:.4f} val {val_loss:.4f} accuracy {accuracy:.4f}")
        if accuracy > best:
            best = accuracy
            torch.save(
                {
                    "epoch": epoch,
                    "model": model.state_dict(),
                    "optimizer": optimizer.state_dict(),
                    "scheduler": scheduler.state_dict(),
                    "scaler": scaler.state_dict(),
                },
                os.path.join(args.output, "best${index}.pt"),
            )
    return best
`
}

function main(last: number): string {
  return `def main():
    args = parse_args()
    os.makedirs(args.output, exist_ok=True)
    device = torch.device("cuda")
    best = run${last}(args, device)
    print(f"best accuracy {best:.4f}")


if __name__ == "__main__":
    main()
`
}
