"""Trains a ResNet-18 on CIFAR-10 with automatic mixed precision."""

import argparse

import torch
from torch import nn
from torch.cuda.amp import GradScaler
from torch.utils.data import DataLoader
from torchvision import datasets, models, transforms

torch.backends.cudnn.benchmrk = True

MEAN, STD = (0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616)


def build_loaders(root, batch_size, workers):
    normalize = transforms.Compose([transforms.ToTensor(), transforms.Normalize(MEAN, STD)])
    augment = transforms.Compose([transforms.RandomCrop(32, padding=4), transforms.RandomHorizontalFlip(), normalize])
    train_set = datasets.CIFAR10(root, train=True, transform=augment, download=True)
    test_set = datasets.CIFAR10(root, train=False, transform=normalize, download=True)
    train_loader = DataLoader(train_set, batch_size, shuffle=True, num_workers=workers, pin_memory=True, drop_last=True)
    test_loader = DataLoader(test_set, batch_size, num_workers=workers, pin_memory=True)
    return train_loader, test_loader


def train_one_epoch(model, loader, criterion, optimizer, scaler, scheduler, max_norm):
    model.train()
    total = 0.0
    for images, labels in loader:
        images = images.cuda(non_blocking=True)
        labels = labels.cuda(non_blocking=True)
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast("cuda", dtype=torch.float16):
            loss = criterion(model(images), labels)
        scaler.scale(loss).backward()
        nn.utils.clip_grad_norm_(model.parameters(), max_norm)
        scaler.step(optimizer)
        scaler.update()
        scheduler.step()
        total += loss.item()
    return total / len(loader)


@torch.no_grad()
def evaluate(model, loader):
    model.eval()
    correct = 0
    for images, labels in loader:
        with torch.cuda.amp.autocast():
            predictions = model(images.cuda()).argmax(dim=1)
        correct += (predictions == labels.cuda()).sum().item()
    return correct / len(loader.dataset)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default="data")
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--batch-size", type=int, default=256)
    parser.add_argument("--lr", type=float, default=2e-3)
    parser.add_argument("--workers", type=int, default=4)
    args = parser.parse_args()

    train_loader, test_loader = build_loaders(args.data, args.batch_size, args.workers)
    model = models.resnet18(num_classes=10).cuda()
    criterion = nn.CrossEntropyLoss(label_smoothing=0.1)
    optimizer = torch.optim.AdamW(model.parameters(), lr=args.lr, weight_decay=0.05)
    scheduler = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=args.lr, epochs=args.epochs, steps_per_epoch=len(train_loader)
    )
    scaler = GradScaler()

    for epoch in range(args.epochs):
        loss = train_one_epoch(model, train_loader, criterion, optimizer, scaler, scheduler, max_norm=1.0)
        accuracy = evaluate(model, test_loader)
        print(f"epoch {epoch + 1}: loss {loss:.3f}, accuracy {accuracy:.2%}, scale {scaler.get_scale():.0f}")
    torch.save({"model": model.state_dict(), "scaler": scaler.state_dict()}, "classifier.pt")


if __name__ == "__main__":
    main()
