"""How the benchmarks print a figure: beside its goal, with its spread."""
import statistics

HEAD = f"{'':56} {'goal':>9} median (10 % to 90 %)     medians of both"


def ratio(ours, others):
    """The median of the ratios of each turn, and their spread, as text."""
    ratios = sorted(a / b for a, b in zip(ours, others))
    low, high = ratios[len(ratios) // 10], ratios[-1 - len(ratios) // 10]
    return f"{statistics.median(ratios):5.2f} ({low:.2f} to {high:.2f})"


def row(what, goal, figure, *columns, unit="ms"):
    """`columns` are seconds, or what else has that unit."""
    factor = 1000 if unit == "ms" else 1
    medians = " : ".join(f"{factor * statistics.median(column):.1f} {unit}" for column in columns)
    print(f"{what:56} {goal:>9} {figure:24} {medians}", flush=True)
