/** Scripts that the memory report is about. */

/** Everything that a first script does wrong: two GPUs of 8 GB, a batch of 4, and no room after one round. */
export const leaking = `import torch
from torch import nn
from torch.utils.data import DataLoader

from data import CarDataset


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 64, 3), nn.BatchNorm2d(64), nn.ReLU())
        self.body = nn.Sequential(nn.Conv2d(64, 64, 3), nn.BatchNorm2d(64), nn.ReLU())
        self.head = nn.Linear(64, 10)

    def forward(self, x):
        x = self.stem(x)
        x = self.body(x)
        return self.head(x.mean((2, 3)))


def main():
    train_loader = DataLoader(CarDataset("train"), batch_size=4, shuffle=True, num_workers=4)
    val_loader = DataLoader(CarDataset("val"), batch_size=4)
    model = Net().cuda()
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)

    for epoch in range(30):
        model.train()
        total = 0
        for images, labels in train_loader:
            images, labels = images.cuda(), labels.cuda()
            optimizer.zero_grad()
            outputs = model(images)
            loss = criterion(outputs, labels)
            loss.backward()
            optimizer.step()
            total += loss

        model.eval()
        predictions = []
        for images, labels in val_loader:
            outputs = model(images.cuda())
            predictions.append(outputs)
        print(epoch, total / len(train_loader), len(predictions))


if __name__ == "__main__":
    main()
`

/** One that has done what can be done. */
export const thrifty = `import torch
from torch import nn
from torch.utils.checkpoint import checkpoint
from torch.utils.data import DataLoader

from data import CarDataset


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = nn.ModuleList(nn.Linear(64, 64) for _ in range(8))

    def forward(self, x):
        for block in self.blocks:
            x = checkpoint(block, x, use_reentrant=False)
        return x


def main():
    train_loader = DataLoader(CarDataset("train"), batch_size=4, shuffle=True, num_workers=4)
    model = Net().cuda()
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, fused=True)
    for epoch in range(30):
        model.train()
        for i, (images, labels) in enumerate(train_loader):
            with torch.autocast("cuda", dtype=torch.bfloat16):
                loss = criterion(model(images.cuda()), labels.cuda()) / 4
            loss.backward()
            if (i + 1) % 4 == 0:
                optimizer.step()
                optimizer.zero_grad()
        model.eval()
        with torch.no_grad():
            print(model(torch.zeros(1, 64).cuda()))


if __name__ == "__main__":
    main()
`
