#!/usr/bin/env python3
"""How fast this PyTorch multiplies matrices: that a race against it is a race. Prints GFLOP/s, the median and the best of nine."""
import statistics
import time

import torch


def measure(threads, rows, inner, columns):
    torch.set_num_threads(threads)
    a, b = torch.randn(rows, inner), torch.randn(inner, columns)
    rates = []
    for _ in range(10):
        start = time.perf_counter()
        torch.mm(a, b)
        rates.append(2e-9 * rows * inner * columns / (time.perf_counter() - start))
    # the first run wakes the threads
    return statistics.median(rates[1:]), max(rates[1:])


if __name__ == "__main__":
    print(f"PyTorch {torch.__version__}")
    for threads in (1, 2):
        # a square one, and a step's: 512 tokens through the MLP and through the head of the 135M shape
        for shape in ((1024, 1024, 1024), (512, 576, 1536), (512, 576, 49152)):
            median, best = measure(threads, *shape)
            print(f"threads {threads}  {shape[0]} x {shape[1]} x {shape[2]}: {median:.0f} GFLOP/s, best {best:.0f}")
