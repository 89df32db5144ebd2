"""Trains a small network that reads handwritten digits."""

import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

torch.backends.cudnn.benchmarks = True

digits = transforms.ToTensor()
train_set = datasets.MNIST("data", train=True, transform=digits, download=True)
test_set = datasets.MNIST("data", train=False, transform=digits)
train_loader = DataLoader(train_set, batch_size=128, shuffle=True, num_workers=2)
test_loader = DataLoader(test_set, batch_size=512, num_workers=2)

model = nn.Sequential(
    nn.Flatten(),
    nn.Linear(28 * 28, 512),
    nn.ReLU(),
    nn.Dropout(0.2),
    nn.Linear(512, 10),
).cuda()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
scaler = torch.amp.GradScaler("cuda")

for epoch in range(10):
    model.train()
    total_loss = 0
    for images, labels in train_loader:
        images, labels = images.cuda(), labels.cuda()
        optimizer.zero_grad()
        # Half precision saves memory, the scaler keeps small gradients from vanishing.
        with torch.autocast("cuda", dtype=torch.float16):
            loss = criterion(model(images), labels)
        scaler.scale(loss).backward()
        # No step may become too large.
        torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm=1.0)
        scaler.step(optimizer)
        scaler.update()
        total_loss += loss

    # How many digits does it read correctly?
    correct = 0
    with torch.no_grad():
        for images, labels in test_loader:
            predictions = model(images.cuda()).argmax(dim=1)
            correct += (predictions == labels.cuda()).sum().item()
    print(f"epoch {epoch}: loss {total_loss / len(train_loader):.4f}, accuracy {correct / len(test_set):.2%}")
