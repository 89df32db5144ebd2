"""Trains a small character-level transformer on a text file."""

import argparse
import math
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F


class LanguageModel(nn.Module):
    def __init__(self, vocabulary, context, width=256, heads=8, depth=6):
        super().__init__()
        self.token = nn.Embedding(vocabulary, width)
        self.position = nn.Embedding(context, width)
        layer = nn.TransformerEncoderLayer(width, heads, 4 * width, batch_first=True, norm_first=True, activation="gelu")
        self.blocks = nn.TransformerEncoder(layer, depth, enable_nested_tensor=False)
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, vocabulary, bias=False)

    def forward(self, tokens):
        length = tokens.shape[1]
        x = self.token(tokens) + self.position(torch.arange(length, device=tokens.device))
        mask = nn.Transformer.generate_square_subsequent_mask(length, device=tokens.device)
        return self.head(self.norm(self.blocks(x, mask=mask, is_causal=True)))


def build_optimizer(model, lr, weight_decay):
    """Matrices decay, biases and norm scales do not."""
    groups = [
        {"params": [p for p in model.parameters() if p.ndim >= 2], "weight_decay": weight_decay},
        {"params": [p for p in model.parameters() if p.ndim < 2], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=lr, betas=(0.9, 0.95))


def warmup_cosine(warmup, total):
    def factor(step):
        if step < warmup:
            return (step + 1) / warmup
        return 0.5 * (1 + math.cos(math.pi * (step - warmup) / (total - warmup)))

    return factor


def sample_batch(data, context, size, device):
    starts = torch.randint(len(data) - context - 1, (size,)).tolist()
    x = torch.stack([data[i : i + context] for i in starts])
    y = torch.stack([data[i + 1 : i + context + 1] for i in starts])
    return x.to(device), y.to(device)


def language_loss(model, x, y):
    return F.cross_entropy(model(x).flatten(0, 1), y.flatten())


@torch.no_grad()
def estimate_loss(model, data, context, size, device, batches=20):
    model.eval()
    losses = [language_loss(model, *sample_batch(data, context, size, device)).item() for _ in range(batches)]
    model.train()
    return sum(losses) / batches


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("text", type=Path)
    parser.add_argument("--steps", type=int, default=5000)
    parser.add_argument("--context", type=int, default=256)
    parser.add_argument("--batch-size", type=int, default=64)
    args = parser.parse_args()

    device = "cuda" if torch.cuda.is_available() else "cpu"
    text = args.text.read_text(encoding="utf-8")
    characters = sorted(set(text))
    index = {character: i for i, character in enumerate(characters)}
    data = torch.tensor([index[character] for character in text])
    split = int(0.9 * len(data))

    model = LanguageModel(len(characters), args.context).to(device)
    optimizer = build_optimizer(model, lr=3e-4, weight_decay=0.1)
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, warmup_cosine(warmup=200, total=args.steps))
    scaler = torch.amp.GradScaler(device, enabled=device == "cuda")

    for step in range(args.steps):
        x, y = sample_batch(data[:split], args.context, args.batch_size, device)
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast(device, dtype=torch.float16, enabled=device == "cuda"):
            loss = language_loss(model, x, y)
        scaler.scale(loss).backward()
        scaler.unscale_(optimizer)
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        scaler.step(optimizer)
        scaler.update()
        scheduler.step()
        if step % 500 == 0:
            validation = estimate_loss(model, data[split:], args.context, args.batch_size, device)
            print(f"step {step}: loss {loss.item():.3f}, validation {validation:.3f}")
    torch.save({"model": model.state_dict(), "characters": characters}, "language_model.pt")


if __name__ == "__main__":
    main()
